const KANA = /[\u3001\u3002\u3041-\u30fe]/;
/** Chinese characters and half-width kana, with what stands around them. */
const RUN = /([A-Za-z]?)([\u3005\u4e00-\u9fff\uff61-\uff9f]+)(?=([A-Za-z]?))/g;
/** Rare characters whose two bytes are a small accented letter and a plain one in Latin text: `ét`. */
const LATIN_PAIRS: ReadonlySet<string> = new Set(
  new TextDecoder('shift_jis').decode(
    Uint8Array.from(
      Array.from({ length: 0xfd - 0xe0 }, (_, n) => 0xe0 + n).flatMap((accented) =>
        Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ').flatMap((plain) => [
          accented,
          plain.charCodeAt(0),
        ]),
      ),
    ),
  ),
);
/** Text that is kept back for the next piece where no line ends. */
const MAX_KEPT_CHARS = 1_000;

/**
 * Whether bytes that are no UTF-8 are Shift-JIS. Kana and Japanese punctuation say so. Accented Latin letters look like
 * rare Chinese characters or half-width kana, but they stand in words: several of those in a row and no plain letter
 * beside them are Japanese, where there are more of such than of the others.
 */
export class JapaneseText {
  readonly #decoder = new TextDecoder('shift_jis', { fatal: true });
  #isValid = true;
  #hasKana = false;
  #kept = '';
  #japanese = 0;
  #latin = 0;

  /** `start`: what came before the first piece and may be half a character. */
  constructor(start: Uint8Array | undefined) {
    if (start !== undefined) this.push(start);
  }

  push(piece: Uint8Array): void {
    if (!this.#isValid) return;
    const text = this.#decode(piece, true);
    if (this.#hasKana || text === undefined) return;
    this.#hasKana = KANA.test(text);
    const all = this.#kept + text;
    const end = all.lastIndexOf('\n') + 1;
    const cut = end > 0 || all.length < MAX_KEPT_CHARS ? end : all.length;
    this.#count(all.slice(0, cut));
    this.#kept = all.slice(cut);
  }

  /** Asked once, at the end. */
  isLikely(): boolean {
    if (!this.#isValid || this.#decode(new Uint8Array(0), false) === undefined) return false;
    this.#count(this.#kept);
    return this.#hasKana || this.#japanese > this.#latin;
  }

  #count(text: string): void {
    for (const [, before, run, after] of text.matchAll(RUN)) {
      if (before !== '' || after !== '') this.#latin++;
      else if (run!.length > 1 && ![...run!].some((letter) => LATIN_PAIRS.has(letter))) this.#japanese++;
    }
  }

  #decode(piece: Uint8Array, stream: boolean): string | undefined {
    try {
      return this.#decoder.decode(piece, { stream });
    } catch {
      this.#isValid = false;
      return undefined;
    }
  }
}
