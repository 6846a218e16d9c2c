import { describe, expect, test } from 'vitest';
import { type InstructionSettings, instructionsFor } from '../../src/mcp/instructions.ts';

const yesNo = [true, false];
const every: InstructionSettings[] = yesNo.flatMap((sandbox) =>
  yesNo.flatMap((readOnly) =>
    yesNo.flatMap((isPart) =>
      (['auto', 'token', 'elicitation'] as const).map((confirm) => ({ sandbox, readOnly, isPart, confirm })),
    ),
  ),
);

describe('the instructions', () => {
  test('are never longer than what clients keep', () => {
    for (const settings of every) expect(instructionsFor(settings).length).toBeLessThanOrEqual(2_048);
  });

  test('say that tools are missing where some are switched off, and only there', () => {
    for (const settings of every)
      expect(instructionsFor(settings).includes('INVENTORY_TOOLSETS')).toBe(settings.isPart);
  });
});
