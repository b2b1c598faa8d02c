"""Input and output as Amazon's own service model has them, which botocore ships (mturk-api 1.2, 1.5).

The model is compiled once for each operation: a checker for what comes in, a writer for what goes out. Names,
patterns, enums and limits are the model's; nothing is copied by hand.
"""

from tukro.api.mturk.shapes.incoming import compile_input as compile_input
from tukro.api.mturk.shapes.model import operation_names as operation_names
from tukro.api.mturk.shapes.model import service_model as service_model
from tukro.api.mturk.shapes.outgoing import compile_output as compile_output
