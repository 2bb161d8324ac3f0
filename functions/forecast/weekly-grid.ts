/** Weeks ahead that are forecast, and weeks of a year. */
export const HORIZON = 13;
export const YEAR = 52;
