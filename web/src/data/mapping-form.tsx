import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  Fieldset,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ImportDetail, ImportFormats } from '../../../shared/contracts/api/import.ts';
import type { ColumnSource } from '../../../shared/contracts/csv/column-mapping.ts';
import { post } from '../api.ts';
import { counted } from '../format.ts';
import { Loaded } from '../loaded.tsx';
import { useFormats } from './accepted-formats.tsx';
import { ColumnRow } from './column-row.tsx';
import { fileName, inWords } from './import-words.ts';
import { choiceOf, ReadingFields, readingOf } from './reading-choice.tsx';
import { suggestColumns, suggestTemplate } from './suggest-mapping.ts';

interface MappingFormProps {
  readonly detail: ImportDetail;
  readonly onAsked: () => void;
}

/** Asks of a file that nobody knows which of its columns is which, and imports it again. */
export function MappingForm({ detail, onAsked }: MappingFormProps) {
  const formats = useFormats();
  return (
    <Loaded query={formats} height={240}>
      {({ templates }) => <Form detail={detail} onAsked={onAsked} templates={templates} />}
    </Loaded>
  );
}

function Form({
  detail,
  onAsked,
  templates,
}: MappingFormProps & { readonly templates: ImportFormats['templates'] }) {
  const headers = detail.headers!;
  const [template, setTemplate] = useState(() => suggestTemplate(templates, headers));
  const [columns, setColumns] = useState<Record<string, ColumnSource>>(() =>
    suggestColumns(template, headers),
  );
  const [name, setName] = useState(fileName(detail.object_key).replace(/(\.\w+)+$/, ''));
  const [choice, setChoice] = useState(() => choiceOf(detail.options));
  const [dryRun, setDryRun] = useState(true);
  const save = useMutation({
    mutationFn: async () => {
      const { style = {}, encoding } = readingOf(choice);
      const mapping = { name, import_id: detail.id, template: template.name, columns, style };
      await post('/imports/mappings', { ...mapping, encoding: encoding ?? null });
      await post(`/imports/${detail.id}/retry`, { dry_run: dryRun });
    },
    onSuccess: onAsked,
  });
  // found ones stay where they are when their choice is taken back
  const [found, setFound] = useState(columns);
  const [hasMore, setHasMore] = useState(false);
  const shown = template.optional.filter((column) => hasMore || found[column] !== undefined);
  const missing = template.required.filter((column) => columns[column] === undefined);
  const choose = (chosen: string) => {
    const next = templates.find((one) => one.name === chosen)!;
    setTemplate(next);
    const suggested = suggestColumns(next, headers);
    setColumns(suggested);
    setFound(suggested);
    setHasMore(false);
  };
  const setColumn = (column: string, source: ColumnSource | undefined) =>
    setColumns(({ [column]: _, ...others }) =>
      source === undefined ? others : { ...others, [column]: source },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const used = new Set(Object.values(columns));
  const unused = headers.filter((header) => !used.has(header));
  return (
    <form onSubmit={submit} aria-label="Map the columns">
      <Fieldset legend="Say which column is which" variant="filled" p="sm">
        <Stack gap="sm">
          <Text size="sm">Files with these headers are read this way from now on.</Text>
          <NativeSelect
            label="The lines are"
            value={template.name}
            onChange={(event) => choose(event.currentTarget.value)}
            data={templates.map((one) => ({ value: one.name, label: inWords(one.name) })).sort(byLabel)}
          />
          <div className="columns">
            {[...template.required, ...shown].map((column) => (
              <ColumnRow
                key={`${template.name} ${column}`}
                column={column}
                isRequired={template.required.includes(column)}
                headers={headers}
                source={columns[column]}
                onChange={(source) => setColumn(column, source)}
              />
            ))}
          </div>
          {!hasMore && shown.length < template.optional.length && (
            <Anchor
              component="button"
              type="button"
              fz="sm"
              style={{ alignSelf: 'flex-start' }}
              onClick={() => setHasMore(true)}
            >
              {counted(template.optional.length - shown.length, 'more column')} that may be in the file
            </Anchor>
          )}
          {unused.length > 0 && (
            <Text size="xs" c="dimmed" className="words">
              Not used: {unused.join(', ')}
            </Text>
          )}
          <ReadingFields choice={choice} onChange={setChoice} />
          <TextInput
            size="xs"
            label="Name of this mapping"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            required
          />
          <Checkbox
            size="xs"
            label="Only try first, write nothing"
            checked={dryRun}
            onChange={(event) => setDryRun(event.currentTarget.checked)}
          />
          {missing.length > 0 && (
            <Text size="sm" c="red" role="status">
              Still needed: {missing.join(', ')}
            </Text>
          )}
          {save.error && <Alert color="red">{save.error.message}</Alert>}
          <Button type="submit" loading={save.isPending} disabled={missing.length > 0 || name.trim() === ''}>
            {dryRun ? 'Save and try' : 'Save and import'}
          </Button>
        </Stack>
      </Fieldset>
    </form>
  );
}

const byLabel = (a: { label: string }, b: { label: string }): number => a.label.localeCompare(b.label);
