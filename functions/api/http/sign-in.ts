import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  LimitExceededException,
  NotAuthorizedException,
  PasswordResetRequiredException,
  TooManyRequestsException,
  UserNotConfirmedException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { Fault } from '../../../shared/contracts/fault.ts';

export interface AccessToken {
  readonly token: string;
  readonly expiresIn: number;
}

/** Exchanges a name and a password for an access token; Fault `unauthenticated` when they do not fit. */
export type SignIn = (username: string, password: string) => Promise<AccessToken>;

/** Sign-in through one client of a Cognito user pool. */
export function openSignIn(clientId: string, client = new CognitoIdentityProviderClient({})): SignIn {
  return async (username, password) => {
    const command = new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    const { AuthenticationResult, ChallengeName } = await client.send(command).catch((error: unknown) => {
      throw refusalOf(error);
    });
    if (!AuthenticationResult?.AccessToken)
      throw new Fault('unauthenticated', `Sign-in needs one more step: ${ChallengeName ?? 'unknown'}`);
    return {
      token: AuthenticationResult.AccessToken,
      expiresIn: AuthenticationResult.ExpiresIn ?? 3600,
    };
  };
}

function refusalOf(error: unknown): unknown {
  const isWrong = error instanceof NotAuthorizedException || error instanceof UserNotFoundException;
  if (isWrong) return new Fault('unauthenticated', 'Wrong user name or password', { cause: error });
  if (error instanceof PasswordResetRequiredException || error instanceof UserNotConfirmedException)
    return new Fault('unauthenticated', error.message, { cause: error });
  if (error instanceof TooManyRequestsException || error instanceof LimitExceededException)
    return new Fault('limited', 'Too many attempts to sign in', { cause: error });
  return error;
}
