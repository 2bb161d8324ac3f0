/** Encodings of text files that are read, by the names that TextDecoder knows. */
export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];
