import { NativeSelect, TextInput } from '@mantine/core';
import type { ColumnSource } from '../../../shared/contracts/csv/column-mapping.ts';

interface ColumnRowProps {
  /** Of the template. */
  readonly column: string;
  readonly isRequired: boolean;
  /** Of the file. */
  readonly headers: readonly string[];
  readonly source: ColumnSource | undefined;
  readonly onChange: (source: ColumnSource | undefined) => void;
}

/** Choices that are no header; headers are told apart by what stands before them. */
const NONE = 'none';
const CONSTANT = 'constant';
const ofHeader = (header: string): string => `header ${header}`;

/** Where one column of the template comes from: a column of the file, or the same value for every line. */
export function ColumnRow({ column, isRequired, headers, source, onChange }: ColumnRowProps) {
  const isConstant = typeof source === 'object';
  const value = source === undefined ? NONE : isConstant ? CONSTANT : ofHeader(source);
  const choose = (chosen: string) => {
    if (chosen === NONE) return onChange(undefined);
    if (chosen === CONSTANT) return onChange({ value: '' });
    onChange(chosen.slice(ofHeader('').length));
  };
  return (
    <div>
      <NativeSelect
        size="xs"
        label={column}
        withAsterisk={isRequired}
        error={isRequired && source === undefined}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: NONE, label: isRequired ? 'choose a column' : 'not in the file' },
          {
            group: 'Column of the file',
            items: headers.map((one) => ({ value: ofHeader(one), label: one })),
          },
          { group: 'Else', items: [{ value: CONSTANT, label: 'the same for every line' }] },
        ]}
      />
      {isConstant && (
        <TextInput
          size="xs"
          mt={4}
          aria-label={`${column} of every line`}
          placeholder="value of every line"
          value={source.value}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
          maxLength={255}
        />
      )}
    </div>
  );
}
