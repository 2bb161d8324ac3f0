import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFunctions } from '../../../infra/local/functions/open-functions.ts';
import { openLambda } from '../../../infra/local/lambda/open-lambda.ts';
import { AWS_CLI_NOTE, aws, hasAwsCli } from './aws-cli.ts';
import { serveEdge } from './serve-edge.ts';
import { tempFolder } from './temp-folder.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Sample';
const CODE = `export const handler = async (event) => {
  if (event.fail) throw new TypeError('no such thing');
  return { got: event };
};`;

async function served() {
  const assetPath = tempFolder();
  writeFileSync(join(assetPath, 'index.mjs'), CODE);
  const functions = openFunctions({ environment: {}, cores: 1, log: () => {} });
  onTestFinished(() => functions.close());
  functions.define({
    ...{ name: 'Sample', arn: ARN, assetPath, assetHash: 'a', handler: 'index.handler' },
    ...{ timeoutSeconds: 20, memoryMib: 128, reservedConcurrency: undefined, environment: {} },
  });
  const url = await serveEdge(openLambda(functions));
  const invoke = (name: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/2015-03-31/functions/${name}/invocations`, { method: 'POST', body, headers });
  return { url, invoke, functions };
}

test.each(['Sample', 'Sample:$LATEST', '000000000000:function:Sample', encodeURIComponent(ARN)])(
  'a function is invoked as %s',
  async (name) => {
    const { invoke } = await served();
    const answer = await invoke(name, '{"days": 3}');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-amz-executed-version')).toBe('$LATEST');
    expect(answer.headers.has('x-amz-function-error')).toBe(false);
    expect(await answer.json()).toEqual({ got: { days: 3 } });
  },
);

test('no payload is an empty event', async () => {
  const { invoke } = await served();
  expect(await (await invoke('Sample', '')).json()).toEqual({ got: {} });
});

test('what a function throws is an answer that says so', async () => {
  const { invoke } = await served();
  const answer = await invoke('Sample', '{"fail": true}');
  expect([answer.status, answer.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
  expect(await answer.json()).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such thing' });
});

test('a dry run runs nothing', async () => {
  const { invoke, functions } = await served();
  expect((await invoke('Sample', '{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
  expect(functions.list()[0]!.invocations).toBe(0);
});

test('unknown names, no JSON, and calls that nobody waits for are refused', async () => {
  const { invoke, url } = await served();
  const refusal = async (answer: Response) => [answer.status, answer.headers.get('x-amzn-errortype')];
  expect(await refusal(await invoke('Other', '{}'))).toEqual([404, 'ResourceNotFoundException']);
  expect(await refusal(await invoke('Sample', '{days'))).toEqual([400, 'InvalidRequestContentException']);
  const event = { 'x-amz-invocation-type': 'Event' };
  expect(await refusal(await invoke('Sample', '{}', event))).toEqual([400, 'InvalidParameterValueException']);
  expect((await fetch(`${url}/2015-03-31/functions/Sample/policy`)).status).toBe(400);
});

test.skipIf(!hasAwsCli)(`the AWS CLI lists and invokes${AWS_CLI_NOTE}`, async () => {
  const { url } = await served();
  const { Functions } = JSON.parse(await aws(url, ['lambda', 'list-functions', '--output', 'json']));
  expect(Functions).toEqual([{ FunctionName: 'Sample', FunctionArn: ARN, Version: '$LATEST' }]);
  const folder = tempFolder();
  const [payload, out] = [join(folder, 'in.json'), join(folder, 'out.json')];
  // text is base64 for version 2 of the CLI and as it is for version 1; files are the same for both
  writeFileSync(payload, '{"function":"run"}');
  await aws(url, ['lambda', 'invoke', '--function-name', 'Sample', '--payload', `fileb://${payload}`, out]);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({ got: { function: 'run' } });
});
