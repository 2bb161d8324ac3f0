/** Longest name that the API takes. */
const MAX_NAME = 120;

/** The name that a file gets in the bucket: what the API does not take becomes a dash. */
export function uploadName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const safe = plain.replace(/[^\w.\- ()]+/g, '-').replace(/^[^\w]+/, '');
  const start = safe === '' ? 'file.csv' : safe;
  if (start.length <= MAX_NAME) return start;
  const ending = /\.[^.]{1,10}$/.exec(start)?.[0] ?? '';
  return start.slice(0, MAX_NAME - ending.length) + ending;
}
