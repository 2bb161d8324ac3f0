import { Badge, Button, Card, Container, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type Ref, useRef, useState } from 'react';
import type { DashboardSummary, Suggestion } from '../../shared/contracts/api/page.ts';
import { AccuracyPanel } from './accuracy-panel.tsx';
import { get } from './api.ts';
import { formatDay, formatMoney, formatUnits } from './format.ts';
import { GroupForecast } from './group-forecast.tsx';
import { ItemPanel } from './item-panel.tsx';
import { Loaded } from './loaded.tsx';
import { PurchaseOrders } from './purchase-orders.tsx';
import { SalesChart } from './sales-chart.tsx';
import { mayBe, type Session } from './session.ts';
import { SuggestionTable } from './suggestion-table.tsx';

/** Sales, what to order and why, and the draft orders, on one page. */
export function Overview({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  const [chosen, setChosen] = useState<Suggestion>();
  const why = useRef<HTMLElement>(null);
  const choose = (suggestion: Suggestion) => {
    setChosen(suggestion);
    // one below the other, the reason would be out of sight; the first choice is the page's own
    if (chosen && !window.matchMedia('(min-width: 75em)').matches) why.current?.scrollIntoView();
  };
  const summary = useQuery({
    queryKey: ['summary'],
    queryFn: () => get<DashboardSummary>('/analytics/dashboard/summary'),
    refetchInterval: 30_000,
  });
  return (
    <Container component="main" size="xl" py="md">
      <Stack>
        <Group justify="space-between">
          <Group gap="xs" align="baseline">
            <Title order={1} size="h2">
              smart-inventory
            </Title>
            {summary.data?.as_of && <Text c="dimmed">as of {formatDay(summary.data.as_of)}</Text>}
            {summary.data?.newest_run && <Badge variant="light">plan {summary.data.newest_run.status}</Badge>}
          </Group>
          <Group gap="xs">
            <Text size="sm">{session.username}</Text>
            <Button size="xs" variant="default" onClick={onSignOut}>
              Sign out
            </Button>
          </Group>
        </Group>
        <Loaded query={summary} height={90}>
          {(data) => <Figures summary={data} />}
        </Loaded>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Panel title="Sales by week">
            <SalesChart />
          </Panel>
          <Panel title="Demand and forecast by week">
            <GroupForecast />
          </Panel>
        </SimpleGrid>
        <div className="decide">
          <Panel title="What to order" area="what">
            <SuggestionTable chosen={chosen} onChoose={choose} />
          </Panel>
          <Panel
            title={chosen ? `${chosen.product_id} ${chosen.product_name}` : 'Why'}
            area="why"
            panelRef={why}
          >
            <ItemPanel suggestion={chosen} />
          </Panel>
          <Panel title="Purchase orders" area="orders">
            <PurchaseOrders mayApprove={mayBe(session, 'approver')} />
          </Panel>
        </div>
        <Panel title="How good forecasts were">
          <AccuracyPanel />
        </Panel>
      </Stack>
    </Container>
  );
}

interface PanelProps {
  readonly title: string;
  /** Its place in a grid of named areas. */
  readonly area?: string;
  readonly panelRef?: Ref<HTMLElement>;
  readonly children: ReactNode;
}

function Panel({ title, area, panelRef, children }: PanelProps) {
  return (
    <Card
      component="section"
      ref={panelRef}
      withBorder
      padding="md"
      aria-label={title}
      style={{ gridArea: area }}
    >
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  );
}

function Figures({ summary }: { summary: DashboardSummary }) {
  const figures: [label: string, value: string][] = [
    ['Revenue this month', formatMoney(summary.total_revenue_mtd)],
    ['Orders', formatUnits(summary.total_orders)],
    ['Series planned', formatUnits(summary.newest_run?.series ?? 0)],
    ['To order', formatUnits(summary.open_suggestions)],
    ['Cost of it', formatMoney(summary.suggested_cost)],
    ['Unexplained shortages', formatUnits(summary.unexplained_shortages)],
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
      {figures.map(([label, value]) => (
        <Card key={label} withBorder padding="sm">
          <Text size="xs" c="dimmed">
            {label}
          </Text>
          <Text fz={22} fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
            {value}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}
