"""Lists in the shapes in which the UN, the EU and the UK publish them. Everybody on them is invented."""

from __future__ import annotations

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-11-01T00:00:00.000Z">
  <INDIVIDUALS><INDIVIDUAL>
    <DATAID>9900001</DATAID><VERSIONNUM>1</VERSIONNUM>
    <FIRST_NAME>RAHIMA</FIRST_NAME><SECOND_NAME>KHATUN</SECOND_NAME>
    <UN_LIST_TYPE>Nowhere</UN_LIST_TYPE><REFERENCE_NUMBER>NWi.001</REFERENCE_NUMBER>
    <NAME_ORIGINAL_SCRIPT>রহিমা খাতুন</NAME_ORIGINAL_SCRIPT><COMMENTS1>Keeps
      a ledger.</COMMENTS1>
    <NATIONALITY><VALUE>Bangladesh</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Rohima Begum</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1971-02-21</DATE></INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_DATE_OF_BIRTH><FROM_YEAR>1974</FROM_YEAR><TO_YEAR>1976</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  </INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY>
    <DATAID>9900002</DATAID><FIRST_NAME>GREEN SHIPPING LTD</FIRST_NAME><UN_LIST_TYPE>Nowhere</UN_LIST_TYPE>
    <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Green Lines</ALIAS_NAME></ENTITY_ALIAS>
  </ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""

EU = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-11-01T00:00:00" globalFileId="1">
  <sanctionEntity logicalId="7" euReferenceNumber="EU.9001.1">
    <remark>Keeps a ledger.</remark>
    <regulation programme="NOW" numberTitle="1/2026"/><regulation programme="NOW"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Rahima" lastName="Khatun" wholeName="Rahima Khatun" strong="true"/>
    <nameAlias firstName="Rohima" lastName="Begum" wholeName=""/><nameAlias wholeName="Rahima Khatun"/>
    <citizenship countryIso2Code="BD" countryDescription="BANGLADESH"/>
    <birthdate birthdate="1971-02-21" year="1971"/><birthdate year="1972"/>
  </sanctionEntity>
  <sanctionEntity logicalId="8">
    <subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="Green Shipping Ltd"/>
  </sanctionEntity>
</export>"""

UK = """<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>01/11/2026</DateGenerated>
  <Designation><UniqueID>NOW0001</UniqueID><OFSIGroupID>99001</OFSIGroupID>
    <Names>
      <Name><Name1>Rahima</Name1><Name6>KHATUN</Name6><NameType>Primary Name</NameType></Name>
      <Name><Name6>Rohima Begum</Name6><NameType>Alias</NameType></Name>
    </Names>
    <NonLatinNames><NonLatinName><NameNonLatinScript>রহিমা খাতুন</NameNonLatinScript></NonLatinName>
    </NonLatinNames>
    <RegimeName>Nowhere</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
    <OtherInformation>Keeps a ledger.</OtherInformation>
    <IndividualDetails><Individual><DOBs><DOB>dd/mm/1971</DOB><DOB>21/02/1972</DOB></DOBs>
      <Nationalities><Nationality>Bangladesh</Nationality></Nationalities></Individual></IndividualDetails>
  </Designation>
  <Designation><UniqueID>NOW0002</UniqueID><Names><Name><Name6>Green Shipping Ltd</Name6></Name></Names>
    <IndividualEntityShip>Entity</IndividualEntityShip></Designation>
  <Designation><UniqueID>NOW0003</UniqueID><Names><Name><Name6>Green Star</Name6></Name></Names>
    <IndividualEntityShip>Ship</IndividualEntityShip></Designation>
</Designations>"""

OFSI = """<?xml version="1.0" encoding="utf-8"?>
<ArrayOfFinancialSanctionsTarget xmlns="http://schemas.hmtreasury.gov.uk/ofsi/consolidatedlist">
  <FinancialSanctionsTarget><GroupID>99001</GroupID><GroupTypeDescription>Individual</GroupTypeDescription>
    <Name6>KHATUN</Name6><name1>Rahima</name1><RegimeName>Nowhere</RegimeName>
    <Individual_DateOfBirth>00/00/1971</Individual_DateOfBirth>
    <Individual_Nationality>Bangladesh</Individual_Nationality>
    <OtherInformation>Keeps a ledger.</OtherInformation></FinancialSanctionsTarget>
  <FinancialSanctionsTarget><GroupID>99002</GroupID><GroupTypeDescription>Entity</GroupTypeDescription>
    <Name6>Green Shipping Ltd</Name6></FinancialSanctionsTarget>
  <FinancialSanctionsTarget><GroupID>99001</GroupID><GroupTypeDescription>Individual</GroupTypeDescription>
    <Name6>Begum</Name6><name1>Rohima</name1><Individual_DateOfBirth>21/02/1972</Individual_DateOfBirth>
  </FinancialSanctionsTarget>
  <FinancialSanctionsTarget><GroupID>99003</GroupID><GroupTypeDescription>Ship</GroupTypeDescription>
    <Name6>Green Star</Name6></FinancialSanctionsTarget>
</ArrayOfFinancialSanctionsTarget>"""
