// Receives files dropped or chosen: sends each as a raw body, then shows how the import goes.
const form = document.getElementById("drop");
const input = document.getElementById("files");
const bar = document.getElementById("sent");
const says = document.getElementById("sending");

function sentence(template, values) {
  return template.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

function share(value) {
  return new Intl.NumberFormat(form.dataset.language, { style: "percent" }).format(value);
}

function send(address, file, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => tell(event.loaded));
    request.addEventListener("load", () => (request.status === 201 ? resolve() : reject(new Error(request.status))));
    request.addEventListener("error", () => reject(new Error("connection")));
    request.send(file);
  });
}

async function post(address) {
  const answer = await fetch(address, { method: "POST" });
  if (!answer.ok) throw new Error(answer.status);
  return answer;
}

async function receive(files) {
  if (!files.length || input.disabled) return;
  input.disabled = true;
  bar.hidden = false;
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  let name = files[0].name;
  try {
    const { id } = await (await post("/uploads")).json();
    for (const file of files) {
      name = file.name;
      await send(`/uploads/${id}?name=${encodeURIComponent(name)}`, file, (sent) => {
        bar.value = (before + sent) / total;
        says.textContent = sentence(form.dataset.sending, { name, share: share(bar.value) });
      });
      before += file.size;
    }
    says.textContent = form.dataset.starting;
    const job = document.getElementById("job");
    job.innerHTML = await (await post(`/uploads/${id}/import`)).text();
    globalThis.htmx.process(job);
    says.textContent = "";
  } catch (error) {
    says.textContent = sentence(form.dataset.failed, { name, cause: error.message });
  } finally {
    bar.hidden = true;
    bar.value = 0;
    input.disabled = false;
    input.value = "";
  }
}

function folderAmong(items) {
  return [...items].map((item) => item.webkitGetAsEntry?.()).find((entry) => entry?.isDirectory);
}

input.addEventListener("change", () => receive([...input.files]));
form.addEventListener("submit", (event) => event.preventDefault());

// The whole page takes a drop: a file let go beside the frame must not replace the page.
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const folder = folderAmong(event.dataTransfer.items);
  if (folder) says.textContent = sentence(form.dataset.folder, { name: folder.name });
  else receive([...event.dataTransfer.files]);
});

// A lens that fails says so in its place.
document.addEventListener("htmx:responseError", (event) => {
  event.detail.target.textContent = form.dataset.broken;
});
