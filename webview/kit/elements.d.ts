import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/vscode-checkbox.js';
import type { VscodeOption } from '@vscode-elements/elements/dist/vscode-option/vscode-option.js';
import type { VscodeSingleSelect } from '@vscode-elements/elements/dist/vscode-single-select/vscode-single-select.js';
import type { HTMLAttributes } from 'preact';

/** The elements of @vscode-elements/elements that panels use. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-single-select': HTMLAttributes<VscodeSingleSelect> &
        Pick<VscodeSingleSelect, 'label'> & { readonly value: string };
      'vscode-option': HTMLAttributes<VscodeOption> & Pick<VscodeOption, 'value'>;
      'vscode-checkbox': HTMLAttributes<VscodeCheckbox> & { readonly checked: boolean };
    }
  }
}
