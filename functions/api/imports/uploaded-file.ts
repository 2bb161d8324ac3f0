import { Fault } from '../../../shared/contracts/fault.ts';

/** A file as it was uploaded. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file in a request: the first of a multipart form, or the body itself of another type. */
export async function uploadedFile(contentType: string, body: Buffer): Promise<UploadedFile> {
  if (body.length === 0) throw new Fault('invalid', 'The request has no file');
  if (!/^multipart\/form-data/i.test(contentType)) {
    if (/^(text\/|application\/(csv|vnd\.ms-excel|octet-stream|gzip))/i.test(contentType))
      return { name: 'upload.csv', bytes: body };
    throw new Fault('invalid', 'Send the file as multipart/form-data, or as text/csv');
  }
  const file = await firstFile(contentType, body);
  if (file === undefined)
    throw new Fault('invalid', 'The form has no file', {
      details: [{ field: 'file', reason: 'is missing' }],
    });
  return { name: safeName(file.name), bytes: new Uint8Array(await file.arrayBuffer()) };
}

async function firstFile(contentType: string, body: Buffer): Promise<File | undefined> {
  try {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    return [...form.values()].find((value): value is File => typeof value !== 'string');
  } catch (cause) {
    throw new Fault('invalid', 'The form cannot be read', { cause });
  }
}

/** A name that may stand in a key. */
function safeName(name: string): string {
  const safe = name
    .replaceAll(/[^\w.\- ()]/g, '_')
    .replace(/^[^\w]+/, '')
    .slice(0, 120);
  return safe === '' ? 'upload.csv' : safe;
}
