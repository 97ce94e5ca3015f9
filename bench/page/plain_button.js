// The button of the plain page: does as little as a button can.
export function button() {
  const element = document.getElementById("pause");
  element.addEventListener("click", () => {
    element.setAttribute("aria-pressed", String(element.getAttribute("aria-pressed") !== "true"));
  });
  return () => element;
}
