import { createHash } from 'node:crypto';
import { decodeChunks } from './decode-chunks.ts';
import type { S3Request } from './read-request.ts';
import { readXml, type XmlElement } from './read-xml.ts';
import { S3Error } from './s3-error.ts';

// Ten thousand parts with a checksum each stay below it.
const MAXIMUM_DOCUMENT_BYTES = 4 * 1_048_576;

/** The XML document of a request, whole. */
export async function readDocument(request: S3Request, root: string): Promise<XmlElement> {
  const raw: AsyncIterable<Buffer> = request.message.iterator({ destroyOnReturn: false });
  const isChunked = request.header('x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of isChunked ? decodeChunks(raw, new Map()) : raw) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_DOCUMENT_BYTES) throw new S3Error('MalformedXML', 'The document is too long.');
    chunks.push(chunk);
  }
  const document = Buffer.concat(chunks);
  const expected = request.header('content-md5');
  if (expected !== undefined && createHash('md5').update(document).digest('base64') !== expected) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const element = readXml(document.toString());
  if (element.name !== root) throw new S3Error('MalformedXML', `The document is no ${root}.`);
  return element;
}
