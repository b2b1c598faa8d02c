"""What the law asks of people who are paid: tax forms. Everything personal lies sealed."""

from tukro.vetting.models.tax import TaxForm as TaxForm
from tukro.vetting.models.tax import TaxFormName as TaxFormName
from tukro.vetting.models.tax import TaxPolicy as TaxPolicy
from tukro.vetting.models.tax import TaxRule as TaxRule
from tukro.vetting.models.tax import TaxStep as TaxStep
