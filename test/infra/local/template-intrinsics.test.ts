// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes substitutions
import { expect, test } from 'vitest';
import type { Template } from '../../../infra/local/template/assembly.ts';
import { StackScope } from '../../../infra/local/template/scope.ts';

const OPTIONS = {
  edgeBase: 'http://127.0.0.1:4566',
  httpBase: 'http://127.0.0.1:8080',
  webSocketBase: 'ws://127.0.0.1:8080',
};

/** Resolves one expression as the property of a resource. */
function resolved(expression: unknown, template: Template = {}, rewrite = (text: string) => text): unknown {
  const probe = { Type: 'Test::Probe', Properties: { Value: expression } };
  const scopes: StackScope[] = [];
  const scope = new StackScope(
    {
      name: 'Shop',
      template: { ...template, Resources: { ...template.Resources, Probe: probe } },
      assets: new Map(),
    },
    OPTIONS,
    { scopes, sharedIds: new Set(), rewrite },
  );
  scopes.push(scope);
  return scope.resource('Probe').property('Value');
}

const QUEUE: Template = { Resources: { Q: { Type: 'AWS::SQS::Queue' } } };

test.each<[string, unknown, unknown]>([
  ['a plain value', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
  ['Ref', { Ref: 'Q' }, 'http://127.0.0.1:4566/000000000000/Q'],
  ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Q', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:Q'],
  ['Fn::GetAtt with dots', { 'Fn::GetAtt': 'Q.QueueName' }, 'Q'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 3]] }, 'a-us-east-1-3'],
  ['Fn::Sub of a text', { 'Fn::Sub': '${AWS::Region}/${Q.QueueName}/${!kept}' }, 'us-east-1/Q/${kept}'],
  [
    'Fn::Sub with variables',
    { 'Fn::Sub': ['${A}-${AWS::StackName}', { A: { Ref: 'AWS::AccountId' } }] },
    '000000000000-Shop',
  ],
  ['Fn::Select and Fn::Split', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  ['Fn::Select from Fn::GetAZs', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
  ['Fn::Base64', { 'Fn::Base64': 'abc' }, 'YWJj'],
  [
    'AWS::Partition and AWS::URLSuffix',
    { 'Fn::Sub': '${AWS::Partition} ${AWS::URLSuffix}' },
    'aws amazonaws.com',
  ],
  ['AWS::NoValue drops a key', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['AWS::NoValue drops an element', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
  ['AWS::NoValue drops the property', { Ref: 'AWS::NoValue' }, undefined],
  [
    'a condition of a policy is data',
    { Condition: { StringEquals: { a: 'b' } } },
    { Condition: { StringEquals: { a: 'b' } } },
  ],
])('%s', (_name, expression, expected) => {
  expect(resolved(expression, QUEUE)).toEqual(expected);
});

test('parameters have their defaults and mappings their values', () => {
  const template: Template = {
    Parameters: { Size: { Default: 'small' }, None: {} },
    Mappings: { Sizes: { small: { memory: 128 } } },
  };
  expect(resolved({ Ref: 'Size' }, template)).toBe('small');
  expect(resolved({ Ref: 'None' }, template)).toBe('');
  expect(resolved({ 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'memory'] }, template)).toBe(128);
  expect(() => resolved({ 'Fn::FindInMap': ['Sizes', 'large', 'memory'] }, template)).toThrow(/large/);
});

const CONDITIONS: Template = {
  Parameters: { Stage: { Default: 'dev' } },
  Conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsProd: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    Both: { 'Fn::And': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
  },
  Resources: { OnlyProd: { Type: 'AWS::SQS::Queue', Condition: 'IsProd' } },
};

test.each([
  ['IsDev', 'yes'],
  ['IsProd', 'no'],
  ['Both', 'no'],
  ['Either', 'yes'],
])('Fn::If by %s', (condition, expected) => {
  expect(resolved({ 'Fn::If': [condition, 'yes', 'no'] }, CONDITIONS)).toBe(expected);
});

test('a resource whose condition is false does not exist', () => {
  expect(() => resolved({ Ref: 'OnlyProd' }, CONDITIONS)).toThrow(/condition is false/);
});

test('references in a circle, to nothing, and by an unknown function are named', () => {
  const circle: Template = {
    Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } },
  };
  expect(() => resolved({ 'Fn::If': ['A', 1, 2] }, circle)).toThrow(/Circular reference.*A.*B.*A/);
  expect(() => resolved({ Ref: 'Nothing' })).toThrow(/no resource or parameter Nothing/);
  expect(() => resolved({ 'Fn::Transform': {} })).toThrow(/Fn::Transform/);
  expect(() => resolved({ 'Fn::GetAtt': ['Q', 'Colour'] }, QUEUE)).toThrow(/Colour/);
});

test('every resolved text is rewritten, however it came about', () => {
  const shout = (text: string) => text.toUpperCase();
  expect(resolved({ 'Fn::Join': ['', ['a', { Ref: 'AWS::Region' }]] }, {}, shout)).toBe('AUS-EAST-1');
  expect(resolved(['plain', { 'Fn::Sub': '${AWS::Region}' }], {}, shout)).toEqual(['PLAIN', 'US-EAST-1']);
});
