import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { LocalStatus } from '../shared/contracts/local-status.ts';
import { edgeCall } from './edge-call.ts';

/** Streams files into the drop folder of the data bucket; the stack takes it from there. */
export async function ingestFiles(edge: string, files: readonly string[]): Promise<void> {
  const { bucket } = LocalStatus.parse(await edgeCall(edge, 'GET', '/_local/status'));
  for (const file of files) {
    const { size } = await stat(file);
    const key = `drop/${basename(file)}`;
    const response = await fetch(`${edge}/${bucket}/${encodeURI(key)}`, {
      method: 'PUT',
      headers: { 'content-length': String(size) },
      body: Readable.toWeb(createReadStream(file)),
      duplex: 'half',
    });
    if (!response.ok) throw new Error(`${file}: ${await response.text()}`);
    console.log(`${file} -> s3://${bucket}/${key}`);
  }
}
