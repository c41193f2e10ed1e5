/** The equations that the language's editor shows, as the compiler derives them. */
import { cellEquations } from '../compile/equations/cell-equations.ts';
import type { EquationTexts } from '../language/equation-texts.ts';

export const equationTexts: EquationTexts = { of: cellEquations };
