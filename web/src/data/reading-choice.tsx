import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import type { ReadingOptions } from '../../../shared/contracts/csv/column-mapping.ts';
import { TEXT_ENCODINGS, type TextEncoding } from '../../../shared/contracts/csv/text-encoding.ts';

/** What a person says of how the cells are written; an empty text leaves it to the ingest. */
export interface ReadingChoice {
  readonly decimal: '' | '.' | ',';
  readonly dates: '' | 'day-first' | 'month-first';
  readonly timeZone: string;
  readonly encoding: '' | TextEncoding;
}

/** What was said before, as a choice to begin with. */
export const choiceOf = (options: ReadingOptions | null): ReadingChoice => ({
  decimal: options?.style?.decimal ?? '',
  dates: options?.style?.dates ?? '',
  timeZone: options?.style?.timeZone ?? '',
  encoding: options?.encoding ?? '',
});

/** As the API takes it: only what was said. */
export function readingOf({ decimal, dates, timeZone, encoding }: ReadingChoice): ReadingOptions {
  const zone = timeZone.trim();
  return {
    style: {
      ...(decimal !== '' && { decimal }),
      ...(dates !== '' && { dates }),
      ...(zone !== '' && { timeZone: zone }),
    },
    ...(encoding !== '' && { encoding }),
  };
}

interface Props {
  readonly choice: ReadingChoice;
  readonly onChange: (choice: ReadingChoice) => void;
}

/** Four questions about how numbers, dates and letters are written. */
export function ReadingFields({ choice, onChange }: Props) {
  const set = (part: Partial<ReadingChoice>) => onChange({ ...choice, ...part });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
      <NativeSelect
        size="xs"
        label="Dates"
        value={choice.dates}
        onChange={(event) => set({ dates: event.currentTarget.value as ReadingChoice['dates'] })}
        data={[
          { value: '', label: 'as the file shows' },
          { value: 'day-first', label: 'day first, 31/12/2025' },
          { value: 'month-first', label: 'month first, 12/31/2025' },
        ]}
      />
      <NativeSelect
        size="xs"
        label="Numbers"
        value={choice.decimal}
        onChange={(event) => set({ decimal: event.currentTarget.value as ReadingChoice['decimal'] })}
        data={[
          { value: '', label: 'as the file shows' },
          { value: '.', label: 'decimal point, 1,234.50' },
          { value: ',', label: 'decimal comma, 1.234,50' },
        ]}
      />
      <TextInput
        size="xs"
        label="Time zone"
        placeholder="that of the shop"
        value={choice.timeZone}
        onChange={(event) => set({ timeZone: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label="Encoding"
        value={choice.encoding}
        onChange={(event) => set({ encoding: event.currentTarget.value as ReadingChoice['encoding'] })}
        data={[{ value: '', label: 'as the file shows' }, ...TEXT_ENCODINGS]}
      />
    </SimpleGrid>
  );
}
