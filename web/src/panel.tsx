import { Card, Group, Title } from '@mantine/core';
import type { ReactNode, Ref } from 'react';

interface PanelProps {
  readonly title: string;
  /** Its place in a grid of named areas. */
  readonly area?: string;
  readonly panelRef?: Ref<HTMLElement>;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One part of a page, with its name. */
export function Panel({ title, area, panelRef, aside, children }: PanelProps) {
  return (
    <Card
      component="section"
      ref={panelRef}
      withBorder
      padding="md"
      aria-label={title}
      style={{ gridArea: area }}
    >
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h4" className="words">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Card>
  );
}
