// Somebody new is asked where they live: the time zone of the device is a good guess, and so is its country. Both stand
// in the form to be looked at; what the server guessed stays where the device tells nothing.

const OLD_NAMES = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Dacca": "Asia/Dhaka",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
};

const form = document.querySelector("form[data-guess]");
const zone = form && Intl.DateTimeFormat().resolvedOptions().timeZone;
const names = [zone, OLD_NAMES[zone]];
const found = form && [...form.elements.time_zone.options].find((option) => names.includes(option.value));
if (found) {
  found.selected = true;
  const home = [...form.elements.country.options].find((option) => option.value === found.dataset.country);
  if (home && home.value) home.selected = true;
}
