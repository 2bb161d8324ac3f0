/** Words of a title that make a name. */
const WORDS = 3;
const MOST_LETTERS = 100;

/**
 * A short name from the title of an offer: its first three words, without characters that separate parts of titles.
 * Undefined where nothing is left. Names are no keys: different titles may begin alike.
 *   `Nokia G10 | Android 13 | Unlocked` -> `Nokia G10 Android`
 */
export function cleanName(title: string): string | undefined {
  const words = title
    .toWellFormed()
    .normalize('NFC')
    // control characters and marks that only steer the direction of text
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .split(/\s+/u)
    .map((word) => word.replace(/^[|,;:•·–—\-([]+|[|,;:•·–—\-)\]]+$/gu, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const name = words
    .slice(0, WORDS)
    .join(' ')
    .slice(0, MOST_LETTERS)
    // half of a letter that the cut went through
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
  return name === '' ? undefined : name;
}
