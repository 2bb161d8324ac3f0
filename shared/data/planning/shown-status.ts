/** Longer than a message can wait for its last delivery: for ingest three times 90 minutes, and some patience. */
const STALLED_AFTER_HOURS = 6;

/**
 * SQL for a status as people see it: `stalled` when nothing has moved for hours, because a message lies in the dead
 * letters. It is told and not stored, for redriving the message lets the work go on.
 */
const shown = (working: string, movedAt: string): string => `CASE
    WHEN status IN (${working}) AND ${movedAt} < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL ${STALLED_AFTER_HOURS} HOUR)
    THEN 'stalled' ELSE status END`;

/** Of a row of `forecast_run`. */
export const SHOWN_RUN_STATUS = shown(`'forecasting', 'restocking'`, 'progress_at');
/** Of a row of `import_job`. */
export const SHOWN_IMPORT_STATUS = shown(`'queued', 'running'`, 'updated_at');
