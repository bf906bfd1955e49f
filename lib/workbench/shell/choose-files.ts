/** Opens the browser's file dialog for images; resolves with what was chosen, empty when it was cancelled. */
export function chooseFiles(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = 'image/*';
    input.multiple = true;
    input.hidden = true;
    const done = () => {
      input.remove();
      resolve([...(input.files ?? [])]);
    };
    input.addEventListener('change', done);
    input.addEventListener('cancel', done);
    // In the document: a browser may forget an input that nothing holds while its dialog is open.
    document.body.append(input);
    input.click();
  });
}
