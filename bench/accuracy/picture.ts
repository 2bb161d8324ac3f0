import { ScatterChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import type { SetResult } from './score-set.ts';

use([ScatterChart, GridComponent, TitleComponent, LabelLayout, SVGRenderer]);

/** Times below this are drawn here: they were not measured finer. */
const LEAST_SECONDS = 1e-5;
const OURS = '#0b7285';
const RIVALS = '#868e96';

/** Accuracy against time as SVG: quantile loss over CPU seconds; the best place is at the bottom left. */
export function pictureOf({ set, lines }: SetResult): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 860, height: 520 });
  const drawn = lines.filter(({ score }) => !Number.isNaN(score.wql));
  const median = drawn[Math.floor(drawn.length / 2)]?.score.wql ?? 1;
  const axis = { nameLocation: 'middle' as const, splitLine: { lineStyle: { color: '#eee' } } };
  chart.setOption({
    animation: false,
    title: { text: `${set}: quantile loss against time`, left: 'center' },
    grid: { left: 70, right: 150, top: 50, bottom: 60 },
    xAxis: { ...axis, type: 'log', name: 'CPU seconds a forecast', nameGap: 32 },
    yAxis: {
      ...axis,
      type: 'value',
      scale: true,
      name: 'wQL',
      nameGap: 48,
      max: Number((median * 1.5).toPrecision(2)),
    },
    series: [
      {
        type: 'scatter',
        // The best ones are what the picture is about; those far above are in the table.
        data: drawn
          .filter(({ score }) => score.wql <= median * 1.5)
          .map(({ name, isOurs, seconds, score }) => ({
            name,
            value: [Math.max(LEAST_SECONDS, seconds), score.wql],
            symbolSize: isOurs ? 14 : 8,
            itemStyle: { color: isOurs ? OURS : RIVALS },
            label: {
              show: true,
              position: 'right',
              formatter: '{b}',
              fontSize: 11,
              color: isOurs ? OURS : '#495057',
            },
          })),
        labelLayout: { moveOverlap: 'shiftY' },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
