/** One entry of PutEvents. */
export interface PutEntry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
  readonly Resources?: readonly string[];
  /** Seconds since 1970, or ISO text. */
  readonly Time?: number | string;
}

/** Why an entry is refused, or undefined. */
export function putEntryFault(
  entry: PutEntry,
  busExists: boolean,
): { ErrorCode: string; ErrorMessage: string } | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (typeof entry[name] !== 'string' || entry[name] === '')
      return fault(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
  }
  if (entry.Source!.startsWith('aws.'))
    return fault('NotAuthorizedForSourceException', `Not authorized for the source ${entry.Source}.`);
  if (!isObject(entry.Detail!)) return fault('MalformedDetail', 'Detail is malformed.');
  if (entry.Time !== undefined && Number.isNaN(new Date(entry.Time).getTime()))
    return fault('InvalidArgument', 'Parameter Time is not valid.');
  // AWS drops such events; a name that nothing defines is worth knowing on one machine.
  if (!busExists)
    return fault('ResourceNotFoundException', `Event bus ${entry.EventBusName} does not exist.`);
  return undefined;
}

function isObject(detail: string): boolean {
  try {
    const value = JSON.parse(detail) as unknown;
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

function fault(ErrorCode: string, ErrorMessage: string) {
  return { ErrorCode, ErrorMessage };
}
