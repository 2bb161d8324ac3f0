import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** What a user is told to type. */
export const DOCUMENTS = ['README.md', 'docs/OPERATING.md', 'docs/USING.md'] as const;

export interface DocumentedCommand {
  /** Document and line, for messages. */
  readonly where: string;
  /** The command alone, without remarks. */
  readonly text: string;
}

export const readDocument = (name: string): string => readFileSync(resolve(root, name), 'utf8');

/** The texts of a document's ```sh blocks. */
export function shellBlocks(document: string): string[] {
  return [...readDocument(document).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
}

/** Every line of the sh blocks, and every code span that starts with npm or npx. */
export function documentedCommands(): DocumentedCommand[] {
  return DOCUMENTS.flatMap((document) => {
    const found: DocumentedCommand[] = [];
    let language: string | undefined;
    for (const [i, line] of readDocument(document).split('\n').entries()) {
      const where = `${document}:${i + 1}`;
      const fence = /^```(\w*)/.exec(line);
      if (fence) language = language === undefined ? fence[1]! : undefined;
      else if (language === 'sh') found.push({ where, text: line.replace(/\s+#.*/, '').trim() });
      else if (language === undefined) {
        for (const [, text] of line.matchAll(/`((?:npm|npx) [^`]+)`/g)) found.push({ where, text: text! });
      }
    }
    return found.filter(({ text }) => text !== '');
  });
}
