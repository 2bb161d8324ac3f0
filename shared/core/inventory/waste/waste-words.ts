import type { StockFacts, StockJudgement } from './judge-stock.ts';

/** What the silence of an item says, in a sentence or two that a person can check. */
export function deadWords(facts: StockFacts, judgement: StockJudgement): string {
  const { sales, daysSinceSale } = facts;
  const silent = sales.daysInStock - sales.daysToLastSale;
  const begin =
    daysSinceSale === null
      ? `Never sold in ${count(silent, 'day')} in stock`
      : `No sale for ${count(daysSinceSale, 'day')}${silent < daysSinceSale ? `, ${silent} of them in stock` : ''}, after ${count(sales.saleDays, 'day')} with one`;
  const usual = `; one was to be expected every ${count(Math.round(judgement.expectedInterval), 'day')}, and so long a silence comes to ${percent(judgement.chanceOfSilence)} of items like it that are wanted.`;
  const end = {
    dead: ` It is dead with a probability of ${percent(judgement.probabilityDead)}.`,
    doubtful: ` It may be dead (${percent(judgement.probabilityDead)}).`,
    seasonal: ` It sold ${count(facts.soldSameSeason, 'unit')} in the coming weeks a year ago: wait for its season.`,
    wanted: ' Nothing says that it is dead.',
  };
  return begin + usual + end[judgement.verdict];
}

/** 0.123 as `12 %`; what is not quite nothing or all is not said to be. */
export function percent(share: number): string {
  const shown = share * 100;
  if (shown > 0 && shown < 0.1) return 'less than 0.1 %';
  if (shown > 99.9 && shown < 100) return 'more than 99.9 %';
  return `${shown < 10 || shown > 90 ? Math.round(shown * 10) / 10 : Math.round(shown)} %`;
}

/** `1 day`, `2 days`. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
