// Puts the shops in order of their distance from where the visitor is, once the button is pressed.
// The position stays in this page: it is neither sent nor kept.
const button = document.getElementById("here");
const list = document.getElementById("shops");
const radians = Math.PI / 180;

function kilometres(one, other) {
  const up = Math.sin((other.latitude - one.latitude) * radians / 2);
  const along = Math.sin((other.longitude - one.longitude) * radians / 2);
  const both = Math.cos(one.latitude * radians) * Math.cos(other.latitude * radians);
  return 2 * 6371 * Math.asin(Math.sqrt(up * up + both * along * along));
}

function order({ coords }) {
  const far = (item) => "latitude" in item.dataset
    ? kilometres(coords, { latitude: +item.dataset.latitude, longitude: +item.dataset.longitude })
    : Infinity;
  const shops = [...list.children].map((item) => [far(item), item]);
  for (const [km, item] of shops.sort(([one], [other]) => one - other)) {
    const off = Math.max(1, +item.dataset.off, Math.round(coords.accuracy / 1000));
    const said = km < off ? list.dataset.within : list.dataset.about;
    const told = Number.isFinite(km) ? " · " + said.replace("{n}", km < off ? off : Math.round(km)) : "";
    item.querySelector(".far").textContent = told;
    list.append(item);
  }
}

if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(order, () => {
    document.getElementById("no-position").hidden = false;
  }));
}
