/** The AWS account and region that everything on this machine belongs to. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
