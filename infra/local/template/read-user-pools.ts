import { numberOf, objectOf, textOf, textsOf } from './property-readers.ts';
import type { Resource } from './scope.ts';
import type { UserPoolDefinition } from './wiring.ts';

const MINUTES: Readonly<Record<string, number>> = { seconds: 1 / 60, minutes: 1, hours: 60, days: 1440 };

/** User pools with the clients that may sign users in and the groups that users can be in. */
export function readUserPools(resources: readonly Resource[]): UserPoolDefinition[] {
  const of = (type: string, pool: string) =>
    resources.filter((resource) => resource.type === type && resource.property('UserPoolId') === pool);
  return resources
    .filter(({ type }) => type === 'AWS::Cognito::UserPool')
    .map((pool) => ({
      id: pool.ref(),
      arn: pool.attribute('Arn'),
      name: textOf(pool.property('UserPoolName'), pool.logicalId),
      clients: of('AWS::Cognito::UserPoolClient', pool.ref()).map((client) => ({
        id: client.ref(),
        name: textOf(client.property('ClientName'), client.logicalId),
        authFlows: textsOf(client.property('ExplicitAuthFlows')),
        accessTokenMinutes: validityMinutes(client, 'AccessToken', 'hours', 60),
        refreshTokenMinutes: validityMinutes(client, 'RefreshToken', 'days', 30 * 1440),
      })),
      groups: of('AWS::Cognito::UserPoolGroup', pool.ref()).map((group) => group.ref()),
    }));
}

function validityMinutes(client: Resource, token: string, usualUnit: string, usualMinutes: number): number {
  const validity = client.property(`${token}Validity`);
  const unit = textOf(objectOf(client.property('TokenValidityUnits'))[token], usualUnit);
  const minutes = MINUTES[unit];
  if (minutes === undefined) throw new Error(`${client.logicalId}: unknown unit of time ${unit}`);
  return validity === undefined ? usualMinutes : numberOf(validity, 0) * minutes;
}
