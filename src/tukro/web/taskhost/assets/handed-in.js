// Tells the site's page around this frame that work was handed in. The receipt proves that the house says so.
var receipt = document.body.dataset.receipt;
if (receipt) window.parent.postMessage({ type: "tukro:handed-in", receipt: receipt }, "*");
