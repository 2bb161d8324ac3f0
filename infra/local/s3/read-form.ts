import { S3Error } from './s3-error.ts';

/** A browser's form: the fields in front of the file, and the file, whose bytes are read from the connection. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly fileName: string;
  readonly fileType: string | undefined;
  readonly file: AsyncIterable<Buffer>;
}

const MAXIMUM_FIELD_BYTES = 20_480;
const MAXIMUM_FIELDS = 100;

/** Reads `multipart/form-data` up to its file; fields behind the file are passed over, as S3 does. */
export async function readForm(contentType: string, source: AsyncIterable<Buffer>): Promise<Form> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  if (boundary === null) throw malformed();
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`);
  const iterator = source[Symbol.asyncIterator]();
  // As if a line had ended before, so that the first boundary looks like the others.
  let pending: Buffer = Buffer.from('\r\n');
  const more = async (): Promise<void> => {
    const { done, value } = await iterator.next();
    if (done) throw malformed();
    pending = Buffer.concat([pending, value]);
  };
  const readUntil = async (mark: Buffer | string): Promise<string> => {
    for (;;) {
      const at = pending.indexOf(mark);
      if (at >= 0) {
        const text = pending.toString('utf8', 0, at);
        pending = pending.subarray(at + mark.length);
        return text;
      }
      if (pending.length > MAXIMUM_FIELD_BYTES) throw malformed();
      await more();
    }
  };
  async function* readFile(): AsyncGenerator<Buffer> {
    for (;;) {
      const at = pending.indexOf(delimiter);
      const end = at >= 0 ? at : pending.length - delimiter.length;
      if (end > 0) yield pending.subarray(0, end);
      if (at >= 0) break;
      pending = pending.subarray(Math.max(end, 0));
      await more();
    }
    // Nothing behind the file counts, but an unread rest would break the connection.
    while (!(await iterator.next()).done);
  }
  const fields = new Map<string, string>();
  await readUntil(delimiter);
  for (let count = 0; count <= MAXIMUM_FIELDS; count += 1) {
    // Either the end of the line, or "--" for the end of the form.
    const headers = await readUntil('\r\n\r\n');
    if (headers.startsWith('--')) break;
    const name = parameter(headers, 'name');
    if (name === undefined) throw malformed();
    if (name.toLowerCase() === 'file') {
      const fileName = parameter(headers, 'filename') ?? '';
      const fileType = /^content-type:\s*(\S.*?)\s*$/im.exec(headers)?.[1];
      return { fields, fileName, fileType, file: readFile() };
    }
    fields.set(name.toLowerCase(), await readUntil(delimiter));
  }
  throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.');
}

function parameter(headers: string, name: string): string | undefined {
  const found = new RegExp(`^content-disposition:.*?;\\s*${name}="([^"\\r\\n]*)"`, 'im').exec(headers);
  // Browsers write quotes and line ends of a name in this way.
  return found?.[1]?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

function malformed(): S3Error {
  return new S3Error(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
  );
}
