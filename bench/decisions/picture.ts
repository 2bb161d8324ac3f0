import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { SettingResult } from './compare-setting.ts';
import { frontier } from './curve.ts';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const COLOURS = [
  '#0b7285',
  '#66d9e8',
  '#c92a2a',
  '#e8590c',
  '#f59f00',
  '#d6336c',
  '#862e9c',
  '#868e96',
  '#ced4da',
  '#868e96',
  '#ced4da',
];

/** Unserved share over average stock as SVG; the best place is at the bottom left. */
export function pictureOf({ setting, curves }: SettingResult): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 560 });
  const axis = {
    type: 'log' as const,
    nameLocation: 'middle' as const,
    splitLine: { lineStyle: { color: '#eee' } },
  };
  chart.setOption({
    animation: false,
    title: { text: `${setting.name}: demand lost against stock kept`, left: 'center' },
    legend: { top: 30, type: 'plain', textStyle: { fontSize: 11 } },
    grid: { left: 80, right: 30, top: 110, bottom: 60 },
    color: COLOURS,
    xAxis: { ...axis, name: 'average stock, units', nameGap: 32, min: 'dataMin', max: 'dataMax' },
    yAxis: { ...axis, name: 'share of the demand that is lost', nameGap: 56, min: 'dataMin', max: 'dataMax' },
    series: curves.map(({ name, points }) => ({
      type: 'line',
      name,
      symbolSize: 5,
      lineStyle: { width: name === 'auto' ? 3 : 1.5 },
      data: frontier(points).map(({ stock, fillRate }) => [stock, Math.max(1e-6, 1 - fillRate)]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
