// The small script that task pages made for MTurk load to find their parameters and where to hand in.
// Our own writing of the same three functions (mturk-api 12.1).

// The value of one parameter of this page's own address, or "" when it is not there.
function turkGetParam(name, fallback) {
  var value = new URLSearchParams(window.location.search).get(name);
  return value === null ? (fallback === undefined ? "" : fallback) : value;
}

// Where the answer goes: turkSubmitTo when it is an address, else MTurk's old default, which is this host.
function turkGetSubmitToHost() {
  var host = turkGetParam("turkSubmitTo", "");
  return /^(https?:)?\/\//.test(host) ? host.replace(/\/+$/, "") : window.location.origin;
}

// Prepare the form: fill in the assignment, set where it posts, and close it in a preview.
function turkSetAssignmentID(formName) {
  var assignment = turkGetParam("assignmentId", "");
  var field = document.getElementById("assignmentId");
  var form = document.getElementById(formName || "mturk_form");
  var button = document.getElementById("submitButton");
  if (field) field.value = assignment;
  if (form) form.action = turkGetSubmitToHost() + "/mturk/externalSubmit";
  if (button && assignment === "ASSIGNMENT_ID_NOT_AVAILABLE") {
    button.disabled = true;
    button.value = "You must ACCEPT the task before you can submit the results.";
  }
}
