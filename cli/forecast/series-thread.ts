import { forecastEach, type PanelForecast } from '../../shared/core/forecast/panel.ts';
import { answerErrands } from '../threads.ts';
import type { Errand } from './series-workers.ts';

/** A worker thread that forecasts the series it is sent. */
answerErrands(({ task, series }: Errand): PanelForecast => forecastEach(task, series));
