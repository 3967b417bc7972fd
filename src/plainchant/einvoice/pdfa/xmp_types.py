"""The properties an XMP packet may use without describing them, and the type of each (XMP specification of 2005).

A type is a simple one ("Date"), a container of one ("Seq Date"), "LangAlt" or "Struct": what stands inside a
structure is not looked at. A tilde before the type: known to newer specifications only, let through.
"""

from __future__ import annotations

import re
from typing import Final

_TABLE: Final = """
http://purl.org/dc/elements/1.1/
contributor=Bag Text; coverage=Text; creator=Seq Text; date=Seq Date; description=LangAlt; format=Text; identifier=Text;
language=Bag Text; publisher=Bag Text; relation=Bag Text; rights=LangAlt; source=Text; subject=Bag Text; title=LangAlt;
type=Bag Text

http://ns.adobe.com/xap/1.0/
Advisory=Bag Text; BaseURL=Text; CreateDate=Date; CreatorTool=Text; Identifier=Bag Text; Label=Text; MetadataDate=Date;
ModifyDate=Date; Nickname=Text; Rating=~Text; Thumbnails=Alt Struct

http://ns.adobe.com/xap/1.0/rights/
Certificate=Text; Marked=Boolean; Owner=Bag Text; UsageTerms=LangAlt; WebStatement=Text

http://ns.adobe.com/xap/1.0/mm/
DerivedFrom=Struct; DocumentID=Text; History=Seq Struct; ManagedFrom=Struct; Manager=Text; ManageTo=Text; ManageUI=Text;
ManagerVariant=Text; RenditionClass=Text; RenditionParams=Text; VersionID=Text; Versions=Seq Struct; LastURL=Text;
RenditionOf=Struct; SaveID=Integer; InstanceID=Text; OriginalDocumentID=~Text; Ingredients=~Any; Pantry=~Any;
Manifest=~Any

http://ns.adobe.com/xap/1.0/bj/
JobRef=Bag Struct

http://ns.adobe.com/xap/1.0/t/pg/
MaxPageSize=Struct; NPages=Integer; Fonts=Bag Struct; Colorants=Seq Struct; PlateNames=Seq Text;
HasVisibleTransparency=~Any; HasVisibleOverprint=~Any

http://ns.adobe.com/xmp/1.0/DynamicMedia/
projectRef=Struct; videoFrameRate=Text; videoFrameSize=Struct; videoPixelAspectRatio=Rational; videoPixelDepth=Text;
videoColorSpace=Text; videoAlphaMode=Text; videoAlphaPremultipleColor=Struct; videoAlphaUnityIsTransparent=Boolean;
videoCompressor=Text; videoFieldOrder=Text; pullDown=Text; audioSampleRate=Integer; audioSampleType=Text;
audioChannelType=Text; audioCompressor=Text; speakerPlacement=Text; fileDataRate=Rational; tapeName=Text;
altTapeName=Text; startTimecode=Struct; altTimecode=Struct; duration=Struct; scene=Text; shotName=Text; shotDate=Date;
shotLocation=Text; logComment=Text; markers=Seq Struct; contributedMedia=Bag Struct; absPeakAudioFilePath=Text;
relativePeakAudioFilePath=Text; videoModDate=Date; audioModDate=Date; metadataModDate=Date; artist=Text; album=Text;
trackNumber=Integer; genre=Text; copyright=Text; releaseDate=Date; composer=Text; engineer=Text; tempo=Real;
instrument=Text; introTime=Struct; outCue=Struct; relativeTimestamp=Struct; loop=Boolean; numberOfBeats=Real; key=Text;
stretchMode=Text; timeScaleParams=Struct; resampleParams=Struct; beatSpliceParams=Struct; timeSignature=Text;
scaleType=Text

http://ns.adobe.com/pdf/1.3/
Keywords=Text; PDFVersion=Text; Producer=Text; Trapped=~Text

http://ns.adobe.com/photoshop/1.0/
AuthorsPosition=Text; CaptionWriter=Text; Category=Text; City=Text; Country=Text; Credit=Text; DateCreated=Date;
Headline=Text; Instructions=Text; Source=Text; State=Text; SupplementalCategories=Bag Text; TransmissionReference=Text;
Urgency=Integer

http://ns.adobe.com/camera-raw-settings/1.0/
AutoBrightness=Boolean; AutoContrast=Boolean; AutoExposure=Boolean; AutoShadows=Boolean; BlueHue=Integer;
BlueSaturation=Integer; Brightness=Integer; CameraProfile=Text; ChromaticAberrationB=Integer;
ChromaticAberrationR=Integer; ColorNoiseReduction=Integer; Contrast=Integer; CropTop=Real; CropLeft=Real;
CropBottom=Real; CropRight=Real; CropAngle=Real; CropWidth=Real; CropHeight=Real; CropUnits=Integer; Exposure=Real;
GreenHue=Integer; GreenSaturation=Integer; HasCrop=Boolean; HasSettings=Boolean; LuminanceSmoothing=Integer;
RawFileName=Text; RedHue=Integer; RedSaturation=Integer; Saturation=Integer; Shadows=Integer; ShadowTint=Integer;
Sharpness=Integer; Temperature=Integer; Tint=Integer; ToneCurve=Seq Text; ToneCurveName=Text; Version=Text;
VignetteAmount=Integer; VignetteMidpoint=Integer; WhiteBalance=Text

http://ns.adobe.com/tiff/1.0/
ImageWidth=Integer; ImageLength=Integer; BitsPerSample=Seq Integer; Compression=Integer;
PhotometricInterpretation=Integer; Orientation=Integer; SamplesPerPixel=Integer; PlanarConfiguration=Integer;
YCbCrSubSampling=Seq Integer; YCbCrPositioning=Integer; XResolution=Rational; YResolution=Rational;
ResolutionUnit=Integer; TransferFunction=Seq Integer; WhitePoint=Seq Rational; PrimaryChromaticities=Seq Rational;
YCbCrCoefficients=Seq Rational; ReferenceBlackWhite=Seq Rational; DateTime=Date; ImageDescription=LangAlt; Make=Text;
Model=Text; Software=Text; Artist=Text; Copyright=LangAlt

http://ns.adobe.com/exif/1.0/
ExifVersion=Text; FlashpixVersion=Text; ColorSpace=Integer; ComponentsConfiguration=Seq Integer;
CompressedBitsPerPixel=Rational; PixelXDimension=Integer; PixelYDimension=Integer; UserComment=LangAlt;
RelatedSoundFile=Text; DateTimeOriginal=Date; DateTimeDigitized=Date; ExposureTime=Rational; FNumber=Rational;
ExposureProgram=Integer; SpectralSensitivity=Text; ISOSpeedRatings=Seq Integer; OECF=Struct; ShutterSpeedValue=Rational;
ApertureValue=Rational; BrightnessValue=Rational; ExposureBiasValue=Rational; MaxApertureValue=Rational;
SubjectDistance=Rational; MeteringMode=Integer; LightSource=Integer; Flash=Struct; FocalLength=Rational;
SubjectArea=Seq Integer; FlashEnergy=Rational; SpatialFrequencyResponse=Struct; FocalPlaneXResolution=Rational;
FocalPlaneYResolution=Rational; FocalPlaneResolutionUnit=Integer; SubjectLocation=Seq Integer; ExposureIndex=Rational;
SensingMethod=Integer; FileSource=Integer; SceneType=Integer; CFAPattern=Struct; CustomRendered=Integer;
ExposureMode=Integer; WhiteBalance=Integer; DigitalZoomRatio=Rational; FocalLengthIn35mmFilm=Integer;
SceneCaptureType=Integer; GainControl=Integer; Contrast=Integer; Saturation=Integer; Sharpness=Integer;
DeviceSettingDescription=Struct; SubjectDistanceRange=Integer; ImageUniqueID=Text; GPSVersionID=Text; GPSLatitude=Gps;
GPSLongitude=Gps; GPSAltitudeRef=Integer; GPSAltitude=Rational; GPSTimeStamp=Date; GPSSatellites=Text; GPSStatus=Text;
GPSMeasureMode=Text; GPSDOP=Rational; GPSSpeedRef=Text; GPSSpeed=Rational; GPSTrackRef=Text; GPSTrack=Rational;
GPSImgDirectionRef=Text; GPSImgDirection=Rational; GPSMapDatum=Text; GPSDestLatitude=Gps; GPSDestLongitude=Gps;
GPSDestBearingRef=Text; GPSDestBearing=Rational; GPSDestDistanceRef=Text; GPSDestDistance=Rational;
GPSProcessingMethod=Text; GPSAreaInformation=Text; GPSDifferential=Integer

http://ns.adobe.com/exif/1.0/aux/
Lens=Text; SerialNumber=Text

http://www.aiim.org/pdfa/ns/id/
part=Integer; conformance=Text; amd=Text; corr=Text; rev=~Text
"""


def _read() -> dict[str, dict[str, str]]:
    schemas = {}
    for block in _TABLE.strip().split("\n\n"):
        namespace, _, rows = block.partition("\n")
        pairs = (row.strip().split("=", 1) for row in rows.replace("\n", " ").split(";"))
        schemas[namespace] = dict(pairs)
    return schemas


SCHEMAS: Final = _read()

# What a simple value must look like; a type that is not here is text, which anything is.
SIMPLE: Final = {
    "Boolean": re.compile(r"True|False"),
    "Integer": re.compile(r"[+-]?\d+"),
    "Real": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)"),
    "Rational": re.compile(r"-?\d+/\d+"),
    "Gps": re.compile(r"\d{1,3},\d{1,2}(?:,\d{1,2}|\.\d+)[NSEW]"),
    "Date": re.compile(
        r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
        r"(?:T(?:[01]\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
    ),
}

# The types an extension schema may name without defining them, lower case.
NAMED: Final = {
    "boolean": "Boolean",
    "integer": "Integer",
    "real": "Real",
    "rational": "Rational",
    "date": "Date",
    "text": "Text",
    "uri": "Text",
    "url": "Text",
    "agentname": "Text",
    "propername": "Text",
    "mimetype": "Text",
    "guid": "Text",
    "locale": "Text",
    "renditionclass": "Text",
    "lang alt": "LangAlt",
    "xpath": "Text",
    "gpscoordinate": "Gps",
    "resourceref": "Struct",
    "resourceevent": "Struct",
    "version": "Struct",
    "job": "Struct",
    "dimensions": "Struct",
    "colorant": "Struct",
    "font": "Struct",
    "thumbnail": "Struct",
}
