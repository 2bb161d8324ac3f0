import type { UploadForm } from '../../../shared/contracts/api/import.ts';
import { post } from '../api.ts';
import { uploadName } from './upload-name.ts';

interface Sending {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Told how many bytes have left. */
  readonly onProgress: (bytes: number) => void;
}

/** Sends a file straight into the bucket by a form that the API signs. Answers its key there. */
export async function uploadFile(file: File, { dryRun, signal, onProgress }: Sending): Promise<string> {
  if (file.size === 0) throw new Error('The file is empty.');
  const form = await post<UploadForm>('/imports', { filename: uploadName(file.name), dry_run: dryRun });
  if (file.size > form.max_bytes) throw new Error('The file is larger than what may be uploaded.');
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  await send(form.url, body, { signal, onProgress });
  return form.key;
}

/** `fetch` does not tell how much has been sent. */
function send(
  url: string,
  body: FormData,
  { signal, onProgress }: Pick<Sending, 'signal' | 'onProgress'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve();
      const why = request.responseXML?.querySelector('Message')?.textContent;
      reject(new Error(`The bucket refused the file: ${why ?? `status ${request.status}`}`));
    };
    request.onerror = () => reject(new Error('The connection to the bucket broke off. Send the file again.'));
    request.onabort = () => reject(new Error('Cancelled.'));
    if (signal.aborted) return reject(new Error('Cancelled.'));
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
