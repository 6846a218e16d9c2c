// A bundle of its own: a start that says nothing never loads it, and does not read over it either.
export { pino } from 'pino';
