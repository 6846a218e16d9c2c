/** Calls of the running day (UTC). Kept by whoever must share it: this process, or a store of several. */
export interface DayCount {
  used(): number;
  add(): void;
}

/** Counts in this process only, from 0. */
export function createDayCount(now: () => number): DayCount {
  let day = 0;
  let count = 0;
  const roll = () => {
    const today = Math.floor(now() / 86_400_000);
    if (today !== day) count = 0;
    day = today;
  };
  return {
    used: () => {
      roll();
      return count;
    },
    add: () => {
      roll();
      count += 1;
    },
  };
}
