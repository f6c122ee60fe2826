// Leaving in a hurry: the page does not stay in the browser's list of pages. Without script the link does the same by itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-leave]");
  if (!link) return;
  event.preventDefault();
  document.documentElement.hidden = true;
  window.location.replace(link.href);
});
