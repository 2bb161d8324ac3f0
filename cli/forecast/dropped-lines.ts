import type { PanelForecast } from '../../shared/core/forecast/panel.ts';

/** One line for each column and reason why a model did not use it, with the number of series. */
export function droppedLines(forecasts: PanelForecast): string[] {
  const counts = new Map<string, number>();
  for (const { dropped = [] } of forecasts) {
    for (const { name, reason } of dropped) {
      const text = `column ${name} is left out: ${reason}`;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return [...counts].map(([text, count]) => `${text} (${count} of ${forecasts.length} series)`);
}
