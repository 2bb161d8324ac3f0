import { S3_NAMESPACE, writeXml, type XmlValue } from './write-xml.ts';

/** What an action answers; a body is text, or bytes that are read as they are sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<Buffer> | undefined;
}

/** An answer without a body. */
export function emptyAnswer(status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: undefined };
}

/** An answer that is one S3 document. */
export function xmlAnswer(
  root: string,
  value: XmlValue,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: writeXml(root, value, S3_NAMESPACE),
  };
}

/** A time as S3 documents write it. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
