import { parentPort } from 'node:worker_threads';
import { forecastEach } from '../../shared/core/forecast/panel.ts';
import type { Answer, Errand } from './series-workers.ts';

/** A worker thread: forecasts the series it is sent, one chunk after the other. */
parentPort?.on('message', ({ task, series }: Errand) => {
  let answer: Answer;
  try {
    answer = { forecasts: forecastEach(task, series) };
  } catch (error) {
    answer = { error };
  }
  parentPort?.postMessage(answer);
});
