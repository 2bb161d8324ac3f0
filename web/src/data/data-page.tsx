import { Grid, Stack } from '@mantine/core';
import { useRef, useState } from 'react';
import { Panel } from '../panel.tsx';
import { mayBe, type Session } from '../session.ts';
import { ImportList } from './import-list.tsx';
import { ImportPanel } from './import-panel.tsx';
import { StockAsOf } from './stock-as-of.tsx';
import { TrainButton } from './train-button.tsx';
import { UploadPanel } from './upload-panel.tsx';
import { useUploads } from './use-uploads.ts';

interface DataPageProps {
  readonly session: Session;
  readonly isShown: boolean;
  /** `product` and `location`: whose stock is to be shown at once. */
  readonly asked: URLSearchParams;
}

/** What comes in: uploads, what became of each file, and what the books say of a product at a time. */
export function DataPage({ session, isShown, asked }: DataPageProps) {
  const [chosen, setChosen] = useState<string>();
  const detail = useRef<HTMLDivElement>(null);
  const uploads = useUploads(setChosen);
  const mayKeep = mayBe(session, 'planner', 'buyer', 'warehouse');
  const choose = (id: string) => {
    setChosen(id);
    if (!window.matchMedia('(min-width: 75em)').matches)
      requestAnimationFrame(() => detail.current?.scrollIntoView());
  };
  const [product, location] = [asked.get('product'), asked.get('location')];
  return (
    <Stack>
      {mayKeep && (
        <Panel title="Import files">
          <UploadPanel uploads={uploads} />
          {mayBe(session, 'planner') && <TrainButton />}
        </Panel>
      )}
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Panel title="Imports">
            <ImportList chosen={chosen} onChoose={choose} isWaiting={isShown && uploads.isWaiting} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }} ref={detail}>
          <ImportPanel key={chosen} id={chosen} mayKeep={mayKeep} onChoose={choose} />
        </Grid.Col>
      </Grid>
      <Panel title="Stock as of a time">
        <StockAsOf
          key={`${product} ${location}`}
          {...(product !== null && { begin: { product, location: location ?? '' } })}
        />
      </Panel>
    </Stack>
  );
}
