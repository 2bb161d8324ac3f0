import { Card, SimpleGrid, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { DashboardSummary, Suggestion } from '../../shared/contracts/api/page.ts';
import { AccuracyPanel } from './accuracy-panel.tsx';
import { formatMoney, formatUnits } from './format.ts';
import { GroupForecast } from './group-forecast.tsx';
import { ItemPanel } from './item-panel.tsx';
import { Loaded } from './loaded.tsx';
import { Panel } from './panel.tsx';
import { PurchaseOrders } from './purchase-orders.tsx';
import { SalesChart } from './sales-chart.tsx';
import { mayBe, type Session } from './session.ts';
import { SuggestionTable } from './suggestion-table.tsx';
import { useSummary } from './use-summary.ts';

/** Sales, what to order and why, and the draft orders, on one page. */
export function Overview({ session }: { session: Session }) {
  const [chosen, setChosen] = useState<Suggestion>();
  const why = useRef<HTMLElement>(null);
  const choose = (suggestion: Suggestion) => {
    setChosen(suggestion);
    // one below the other, the reason would be out of sight; the first choice is the page's own
    if (chosen && !window.matchMedia('(min-width: 75em)').matches) why.current?.scrollIntoView();
  };
  const summary = useSummary();
  return (
    <Stack>
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
  );
}

/** Each currency by itself. */
function costOf({ suggested_cost, suggested_elsewhere }: DashboardSummary): string {
  const others = suggested_elsewhere.map(({ cost, currency }) => `${formatMoney(cost)} ${currency}`);
  return [formatMoney(suggested_cost), ...others].join(' + ');
}

function Figures({ summary }: { summary: DashboardSummary }) {
  const figures: [label: string, value: string][] = [
    ['Revenue this month', formatMoney(summary.total_revenue_mtd)],
    ['Orders', formatUnits(summary.total_orders)],
    ['Series planned', formatUnits(summary.newest_run?.series ?? 0)],
    ['To order', formatUnits(summary.open_suggestions)],
    ['Cost of it', costOf(summary)],
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
