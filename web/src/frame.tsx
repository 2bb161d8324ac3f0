import { Badge, Button, Container, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDay } from './format.ts';
import type { Session } from './session.ts';
import { PAGES, type PageName } from './use-place.ts';
import { useSummary } from './use-summary.ts';

interface FrameProps {
  readonly session: Session;
  readonly page: PageName;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

const TITLES: Readonly<Record<PageName, string>> = { overview: 'Overview', data: 'Data' };

/** What every page has at its top: the name, the ways to the other pages, who is signed in. */
export function Frame({ session, page, onSignOut, children }: FrameProps) {
  const { data: summary } = useSummary();
  return (
    <Container component="main" size="xl" py="md">
      <Stack>
        <Group justify="space-between">
          <Group gap="xs" align="baseline">
            <Title order={1} size="h2">
              smart-inventory
            </Title>
            {summary?.as_of && <Text c="dimmed">as of {formatDay(summary.as_of)}</Text>}
            {summary?.newest_run && <Badge variant="light">plan {summary.newest_run.status}</Badge>}
          </Group>
          <Group gap="xs">
            <Text size="sm">{session.username}</Text>
            <Button size="xs" variant="default" onClick={onSignOut}>
              Sign out
            </Button>
          </Group>
        </Group>
        <nav aria-label="Pages" className="pages">
          {PAGES.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === page ? 'page' : undefined}>
              {TITLES[name]}
            </a>
          ))}
        </nav>
        {children}
      </Stack>
    </Container>
  );
}
