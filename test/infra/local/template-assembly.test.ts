// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes substitutions
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWiring } from '../../../infra/local/template/read-wiring.ts';
import { tempFolder } from './temp-folder.ts';
import { lambda, OPTIONS } from './template-fixture.ts';

/** Two stacks of which the second uses the first, listed the wrong way round, the first in a nested assembly. */
function writtenAssembly(): string {
  const folder = tempFolder();
  const nested = join(folder, 'assembly-inner');
  mkdirSync(nested);
  const write = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
  write(join(folder, 'manifest.json'), {
    artifacts: {
      Use: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Use.template.json', stackName: 'use-stack' },
        dependencies: ['Inner'],
      },
      Inner: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-inner' } },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
  write(join(nested, 'manifest.json'), {
    artifacts: {
      Base: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Base.template.json' } },
    },
  });
  write(join(nested, 'Base.template.json'), {
    Resources: { Q: { Type: 'AWS::SQS::Queue' }, Both: { Type: 'AWS::SQS::Queue' } },
    Outputs: {
      Url: { Value: { Ref: 'Q' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Url' } } },
      Name: { Value: { 'Fn::GetAtt': ['Q', 'QueueName'] } },
    },
  });
  write(join(folder, 'Use.assets.json'), {
    files: {
      abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } },
    },
  });
  write(join(folder, 'Use.template.json'), {
    Resources: {
      Both: { Type: 'AWS::SQS::Queue' },
      F: lambda({
        Environment: {
          Variables: {
            STRONG: { 'Fn::ImportValue': 'Base:Url' },
            WEAK: {
              'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'Name', Region: { Ref: 'AWS::Region' } },
            },
          },
        },
      }),
    },
  });
  return folder;
}

test('stacks read each other by export and by output, and assets come from the manifest', () => {
  const folder = writtenAssembly();
  const { functions, outputs } = readWiring(folder, OPTIONS);
  expect(functions).toMatchObject([
    {
      assetPath: join(folder, 'asset.abc'),
      assetHash: 'abc',
      environment: { STRONG: 'http://127.0.0.1:4566/000000000000/Q', WEAK: 'Q' },
    },
  ]);
  expect(outputs.map(({ stack, key }) => `${stack}.${key}`)).toEqual(['Base.Url', 'Base.Name']);
});

test('the same logical id in two stacks gives two names', () => {
  const { queues } = readWiring(writtenAssembly(), OPTIONS);
  expect(queues.map(({ name }) => name).sort()).toEqual(['Base-Both', 'Q', 'use-stack-Both']);
});
