import type { Template, TemplateResource } from '../../../infra/local/template/assembly.ts';
import { wiringOf } from '../../../infra/local/template/read-wiring.ts';
import type { Wiring } from '../../../infra/local/template/wiring.ts';

/** Where the tests pretend that everything is served. */
export const OPTIONS = {
  edgeBase: 'http://127.0.0.1:4566',
  httpBase: 'http://127.0.0.1:8080',
  webSocketBase: 'ws://127.0.0.1:8080',
};

/** An ARN of the local account. */
export const arnOf = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;

/** The wiring of one stack, `Shop`, of these resources. */
export function wired(
  Resources: Record<string, TemplateResource>,
  more: Omit<Template, 'Resources'> = {},
): Wiring {
  const assets = new Map([['abc.zip', '/assets/abc']]);
  return wiringOf([{ name: 'Shop', template: { Resources, ...more }, assets }], OPTIONS);
}

/** A function with the least that a template must say of it. */
export function lambda(properties: Record<string, unknown> = {}): TemplateResource {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      ...properties,
    },
  };
}
