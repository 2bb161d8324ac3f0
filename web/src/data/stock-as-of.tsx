import { Autocomplete, Button, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Location } from '../../../shared/contracts/api/location.ts';
import type { Product } from '../../../shared/contracts/api/product.ts';
import { get } from '../api.ts';
import { LedgerAnswer, type LedgerQuestion } from './ledger-answer.tsx';

/** Products offered while somebody types, and locations to choose from. */
const OFFERED = 8;
const MOST_LOCATIONS = 1000;
const PAUSE_MS = 250;

interface StockAsOfProps {
  /** What is asked at once. */
  readonly begin?: { readonly product: string; readonly location: string };
}

/** Asks what was on hand at one time, as it was known at another. */
export function StockAsOf({ begin }: StockAsOfProps) {
  const [product, setProduct] = useState(begin?.product ?? '');
  const [location, setLocation] = useState(begin?.location ?? '');
  const [effectiveAt, setEffectiveAt] = useState('');
  const [knownAt, setKnownAt] = useState('');
  const [asked, setAsked] = useState<LedgerQuestion | undefined>(
    begin && {
      product_id: begin.product,
      location_id: begin.location,
      effective_at: '',
      known_at: '',
      no: 0,
    },
  );
  const top = useRef<HTMLDivElement>(null);
  const isAskedByLink = begin !== undefined;
  useEffect(() => {
    if (isAskedByLink) top.current?.scrollIntoView();
  }, [isAskedByLink]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const times = { effective_at: inUtc(effectiveAt), known_at: inUtc(knownAt) };
    setAsked({ product_id: product.trim(), location_id: location, ...times, no: (asked?.no ?? 0) + 1 });
  };
  return (
    <Stack gap="sm" ref={top}>
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 5 }} spacing="sm" style={{ alignItems: 'end' }}>
          <ProductInput value={product} onChange={setProduct} />
          <LocationInput value={location} onChange={setLocation} />
          <TextInput
            type="datetime-local"
            label="Stock at (UTC)"
            description="Empty: at the time known"
            value={effectiveAt}
            onChange={(event) => setEffectiveAt(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label="As known at (UTC)"
            description="Empty: now"
            value={knownAt}
            onChange={(event) => setKnownAt(event.currentTarget.value)}
          />
          <Button type="submit" disabled={product.trim() === ''}>
            Ask the ledger
          </Button>
        </SimpleGrid>
      </form>
      {asked ? (
        <LedgerAnswer question={asked} />
      ) : (
        <Text size="sm" c="dimmed">
          The same question about the past gives the same answer for ever: late news change what is known now,
          not what was known then.
        </Text>
      )}
    </Stack>
  );
}

/** A value of a `datetime-local` input, which has no zone, as an instant. */
const inUtc = (text: string): string => (text === '' ? '' : new Date(`${text}Z`).toISOString());

interface InputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ProductInput({ value, onChange }: InputProps) {
  const [search] = useDebouncedValue(value.trim(), PAUSE_MS);
  const { data: found } = useQuery({
    queryKey: ['products', search],
    queryFn: () =>
      get<{ data: Product[] }>(`/products?search=${encodeURIComponent(search)}&limit=${OFFERED}`),
    enabled: search !== '',
  });
  const names = new Map(found?.data.map(({ id, name }) => [id, name]));
  return (
    <Autocomplete
      label="Product"
      description="Its id, or part of its name"
      value={value}
      onChange={onChange}
      data={[...names.keys()]}
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.value}</Text>
          <Text size="xs" c="dimmed" lineClamp={3}>
            {names.get(option.value)}
          </Text>
        </div>
      )}
      required
    />
  );
}

function LocationInput({ value, onChange }: InputProps) {
  const { data: locations } = useQuery({
    queryKey: ['locations'],
    queryFn: () => get<{ data: Location[] }>(`/locations?limit=${MOST_LOCATIONS}`),
  });
  const usual = locations?.data.find(({ is_default }) => is_default);
  const others = locations?.data.filter(({ is_default }) => !is_default) ?? [];
  const isUsual = value === usual?.id;
  return (
    <NativeSelect
      label="Location"
      description="With all that lies within"
      value={isUsual ? '' : value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: usual?.name ?? 'The default location' },
        ...others.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` })),
      ]}
    />
  );
}
