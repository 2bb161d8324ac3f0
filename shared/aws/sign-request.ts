import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** Who signs: the credentials of the function's role, as Lambda puts them into its environment. */
export interface Signer {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Adds to the headers of a POST without a query what AWS asks for: the time and a signature (version 4) of them and the body. */
export type SignRequest = (
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Record<string, string>;

/** Signs requests to one service. The key of a day is made once. */
export function openSigner(signer: Signer): SignRequest {
  const { service, region, accessKeyId, secretAccessKey, sessionToken } = signer;
  let made: { readonly day: string; readonly key: KeyObject } | undefined;
  const keyOf = (day: string): KeyObject => {
    if (made?.day !== day) {
      const first = hmac(`AWS4${secretAccessKey}`, day);
      const last = [region, service, 'aws4_request'].reduce(hmac, first);
      // a key that is only bytes is looked at anew each time, which takes longer than all the rest
      made = { day, key: createSecretKey(last) };
    }
    return made.key;
  };
  return (path, headers, body) => {
    // 20111231T235959Z
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const bodyHash = sha256(body);
    const signed: Record<string, string> = {
      ...headers,
      'x-amz-content-sha256': bodyHash,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(signed).sort();
    const lines = names.map((name) => `${name}:${signed[name]}\n`).join('');
    const canonical = `POST\n${path}\n\n${lines}\n${names.join(';')}\n${bodyHash}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const signature = hmac(keyOf(day), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`);
    return {
      ...signed,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`,
    };
  };
}

const sha256 = (text: string): string => hash('sha256', text);
const hmac = (key: string | Buffer | KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
