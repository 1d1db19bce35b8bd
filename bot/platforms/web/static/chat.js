"use strict";
// What the page does beyond its plain forms: keep focus, clear the box once its words were taken,
// bring what was asked and its answer into view, and say so when nothing could be sent.
(() => {
  const box = document.getElementById("box");
  const ask = document.getElementById("ask");
  const entries = document.getElementById("entries");
  const fine = window.matchMedia("(pointer: fine)").matches;
  let known = new WeakSet(entries.children);
  let sent = "";
  let atEnd = true;

  const nearEnd = () =>
    window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 120;

  if (fine) {
    document.getElementById("box-hint").hidden = false;
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      ask.requestSubmit();
    });
  }

  // The second click of a double click is never a second wish.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("button")) event.preventDefault();
  }, true);

  // A page that is opened again shows the end of the conversation.
  if (entries.lastElementChild && !location.hash) entries.lastElementChild.scrollIntoView();

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === ask) sent = box.value;
    atEnd = nearEnd();
  });

  const show = (fresh, pressed) => {
    if (pressed && pressed !== ask) {
      const wrong = fresh.map((e) => e.querySelector("[aria-invalid=true]")).find(Boolean);
      const input = fresh.map((e) => e.querySelector(".field input, .field textarea")).find(Boolean);
      if (wrong || input) (wrong || input).focus({ preventScroll: true });
      // The form that held the focus is gone: go on at what came instead of it.
      else if (document.activeElement === document.body) fresh[0].focus({ preventScroll: true });
    }
    // What was just asked stands at the top, with its answer below; posts that came along stay above.
    const mine = fresh.findLast((entry) => entry.classList.contains("mine"));
    if (pressed) toTop(mine || fresh[0]);
    else if (atEnd) makeRoom(fresh[fresh.length - 1]);
  };

  const toTop = (entry) => {
    // Where little follows, empty space does, so that the page can go that far; on a phone the
    // keyboard takes that space.
    if (fine) entries.style.minHeight = `${entry.offsetTop - entries.offsetTop + roomToRead()}px`;
    entry.scrollIntoView();
  };

  // What is posted is brought into view as far as the last question stays there.
  const makeRoom = (entry) => {
    const asked = entries.querySelectorAll(":scope > .mine");
    const last = asked[asked.length - 1];
    const most = last ? last.getBoundingClientRect().top - 12 : Infinity;
    const hidden = entry.getBoundingClientRect().bottom + 12 - (window.innerHeight - ask.offsetHeight);
    if (most >= 0) window.scrollBy(0, Math.max(0, Math.min(most, hidden)));
    else entry.scrollIntoView();
  };

  const roomToRead = () => Math.max(0, window.innerHeight - ask.offsetHeight - 64);

  document.body.addEventListener("htmx:afterRequest", (event) => {
    // The form as it was: by now it may have left the page.
    const pressed = event.detail.requestConfig.elt.closest("form");
    const status = event.detail.xhr.status;
    const unheard = pressed && status === 0;
    if (unheard) entries.append(document.getElementById("sorry").content.cloneNode(true));
    // Words that were not taken stay, and so do words typed since then.
    if (pressed === ask && status === 200 && box.value === sent) box.value = "";
    if (pressed === ask && fine) box.focus({ preventScroll: true });
    const fresh = [...entries.children].filter((entry) => !known.has(entry));
    known = new WeakSet(entries.children);
    if (fresh.length) show(fresh, pressed);
  });
})();
