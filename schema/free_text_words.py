"""The words that members write in free text around identifiers and in their place, in many languages.

They are written with a space between them. `~` in a word is where it may be written as two.
"""

from collections.abc import Iterable, Sequence
from typing import Final

AT: Final = (
    "arroba chiocciola małpa malpa собака собачка гав arobase arrobase klammeraffe affenschwanz kukac zavináč "
    "zavinac apenstaartje sobaka chez ät snabel-a snabela kuyruklu 小老鼠 艾特 花a 圈a あっと アットマーク "
    "アット 골뱅이 앳 एट ऐट اتساين แอท แอด آت ات kuyruklu~a a~còng a-còng acòng còng равлик равликом собакой "
    "apenstaart 小~老鼠 小老鼠号 圈~a 花~a 蚊香 at符号 @符号 あっとまーく एटदरेट أتساين آتساين ات~ساين แอ็ด"
)
"""Words for the sign @."""

AT_IN_BRACKETS: Final = "at~sign at~symbol at et أت at的符号 symbol 圈 爱特 эт ат chiocc"

AT_WEAK: Final = "at et на эт"

DOT: Final = (
    "dot punto ponto punkt point nokta точка тчк kropka 点 點 डॉट ドット 닷 점 نقطة نقطه دوت ดอท จุด chấm "
    "крапка крапочка точкой точечка тч дот 쩜 쪽 点儿 小数点 てん डाट डॉट् बिंदु دات دوط نقطةٌ titik punt "
    "punct tečka tecka pont bod τελεία נקודה"
)

TOP: Final = (
    "com net org cn ru de fr it es in pl tr br jp kr co uk info biz eu cc vn mx ua ae sa eg pt id th ro cz nl "
    "be ch at se us ca au hk tw asia shop top ком ру рф нет орг юа укр нэт कॉम काम नेट इन ओआरजी को 컴 넷 "
    "케이알 씨오 씨오엠 コム ネット ジェーピー كوم نت اورغ اورج أورغ คอม เน็ต"
)

JOINT: Final = (
    "dot point punto ponto punkt точка nokta underscore underline dash hyphen minus guion guión guião bajo "
    "trattino tiret bindestrich unterstrich tire подчеркивание подчёркивание дефис тире 下划线 下劃線 底线 "
    "横线 横杠 中划线 减号 点 點 アンダーバー ハイフン 언더바 하이픈 다시"
)

ID: Final = (
    "page id no number name account user~name user 号码 号 號 同号 同號 帐号 账号 账户 用户名 名 名字 邮箱 "
    "아이디 계정 آيدي ايدي يوزر حسابي معرفي معرف आईडी नंबर नम्बर номер ник логин аккаунт nick nick~name "
    "handle usuario usuário identifiant benutzer~name nome nombre profil ไอดี アカウント"
)

LEAD: Final = (
    "as c'est の 是 我的 us me at on is es é ist est to dan daki yaz через в наш мой my our only here via now "
    "please pls add contact text msg message no na meu minha en mi al por nur unter auf meine sur mon benim "
    "numaram hattı hatti üzerinden yazın пишите пиши по номеру это только करें करो पर कीजिए पे فقط على رقم "
    "رقمي هو 으로 로 은 는 を は で に 追加 只加"
)

MESSENGERS: Final = (
    "we~chat w3chat wei~xin whats~app whatsap wats~app watsapp wasap guasap zapzap zap skype tele~gram telegr "
    "viber q~q kakao~talk kakao zalo snap~chat snap instagram insta facebook~messenger facebook messenger "
    "discord icq imo botim tik~tok twitter ding~talk threema wickr"
)

MESSENGERS_IN_LATIN: Final = (
    "whatsap~p weichat vchat wchat wasapp uatsap watsup whatsup vatsap vatsapp zangi qq号 line~id msn gtalk "
    "hangouts weibo linkedin imessage max~messenger"
)

MESSENGERS_IN_OTHER_SCRIPTS: Final = (
    "扣扣 抠抠 企鹅 抖音 快手 小红书 微博 钉钉 飞书 ватсап ватсапп вотсап вотсапп вацап вастап скайп телеграм "
    "телеграмм телега телегу телеге вайбер вичат инста инстаграм инстаграмм аська вк вконтакте дискорд واتساب "
    "واتس وتساب واتساپ سكايب سكايبي تيليجرام تلجرام تليجرام تيليغرام تليغرام تلغرام تلگرام فايبر ايمو إيمو "
    "سناب انستقرام انستغرام انستجرام إنستغرام اینستاگرام وي~شات لاين व्हाट्सएप व्हाट्सऐप वॉट्सऐप वाट्सएप "
    "व्हाट्सप्प स्काइप टेलीग्राम टेलिग्राम वाइबर वीचैट इंस्टाग्राम इंस्टा सिग्नल लाइन וואטסאפ טלגרם סקייפ "
    "텔레그램 텔레 카카오 카톡 위챗 왓츠앱 와츠앱 스카이프 라인 바이버 인스타그램 인스타 디스코드 스냅챗 "
    "ไลน์ไอดี ไลน์ ไอดีไลน์ เทเลแกรม วีแชท วอตส์แอป วอทส์แอพ วอทแอพ สไกป์ ライン カカオトーク カカオ スカイプ "
    "テレグラム ウィーチャット ワッツアップ インスタ バイバー 腾讯号 推特 脸书 電報 电报 纸飞机 蝙蝠 陌陌 "
    "领英 ватцап ватсапе вотсапе ватс вацапп тележка тг-канал вайбере скайпе инсте фейсбук макс сигнале "
    "سناب~شات انستا~غرام واتس~اب واتس~آب واتس~أب واتس~اپ وتس~اب واتسآب الواتس الواتساب التلجرام التليجرام "
    "تلغرم وايبر سكاي~ب انستا إنستا فيسبوك سنابي ويشات وي~تشات بوتيم व्हाट्स~ऐप व्हाट्स~एप वॉट्स~ऐप वाट्स~ऐप "
    "व्हाट्सअप वाट्सअप वॉट्सएप वट्सप स्काईप फेसबुक 와츠~앱 왓츠~앱 왓츠업 왓쓰앱 카카오톡 카톡아이디 오픈톡 "
    "텔레그렘 텔그 페이스북 페북 ラインid インスタグラム ツイッター フェイスブック フェイスタイム シグナル "
    "ไลน วอทส์แอป อินสตาแกรม เฟสบุ๊ค"
)

OR: Final = (
    "or and lub albo i oder und o ou e y et veya ya~da или либо и або чи או أو او या और 或 或者 또는 和 "
    "または och eller of en hoặc atau หรือ"
)

SPOKEN_DIGITS: Final = (
    "setecientos=7 novecientos=9 quattordici=4 quinientos=5 quinhentos=5 cinquante=5 cincuenta=5 cinquenta=5 "
    "trezentos=3 cinquanta=5 девяносто=9 trattino= quatorze=4 quarante=4 soixante=6 septante=7 cuarenta=4 "
    "quarenta=4 sessenta=6 duzentos=2 quindici=5 quaranta=4 sessanta=6 settanta=7 dziewięć=9 dziesięć=1 "
    "dziesiąt= dzieścia= sembilan=9 quattro=4 hundred= nonante=9 catorce=4 treinta=3 sesenta=6 setenta=7 "
    "ochenta=8 noventa=9 cientos= catorze=4 oitenta=8 tredici=3 ottanta=8 novanta=9 надцать= надцять= "
    "dzieści= delapan=8 double= sieben=7 quatre=4 cuatro=4 quatro=4 cinque=5 четыре=4 восемь=8 девять=9 "
    "ثمانية=8 hyphen= triple= eleven=1 twelve=2 treize=3 quinze=5 vingts=2 trente=3 quince=5 veinti=2 "
    "veinte=2 ciento=1 trinta=3 centos= undici=1 dodici=2 sedici=6 trenta=3 десять=1 двести=2 чотири=4 "
    "дев'ят=9 cztery=4 siedem=7 naście= altmış=6 yetmiş=7 seksen=8 doksan=9 sıfır=0 sifir=0 शून्य=0 seven=7 "
    "three=3 eight=8 fuenf=5 sechs=6 trois=3 cinco=5 siete=7 sette=7 nueve=9 шесть=6 sekiz=8 dokuz=9 اثنان=2 "
    "اثنين=2 ثلاثة=3 ثلاثه=3 أربعة=4 اربعة=4 дефис= guion= traço= tiret= forty=4 zwölf=2 douze=2 seize=6 "
    "vingt=2 trece=3 dieci=1 treze=3 vinte=2 cento=1 venti=2 trent=3 четыр=4 восем=8 девят=9 десят= дцать= "
    "сорок=4 шість=6 вісім=8 дцять= jeden=1 sześć=6 osiem=8 yirmi=2 không=0 empat=4 tujuh=7 ज़ीरो=0 सिक्स=6 "
    "اتنين=2 إثنين=2 تلاتة=3 zero=0 zéro=0 null=0 cero=0 ноль=0 нуль=0 four=4 five=5 nine=9 eins=1 zwei=2 "
    "drei=3 vier=4 fünf=5 acht=8 neun=9 cinq=5 sept=7 deux=2 huit=8 neuf=9 sete=7 seis=6 nove=9 ocho=8 otto=8 "
    "oito=8 tres=3 três=3 dois=2 пять=5 семь=7 один=1 yedi=7 altı=6 alti=6 dört=4 dort=4 पांच=5 पाँच=5 واحد=1 "
    "خمسة=5 خمسه=5 سبعة=7 سبعه=7 تسعة=9 plus=+ плюс=+ artı=+ dash= тире= twen=2 thir=3 eigh=8 teen= zehn=1 "
    "zwan=2 sech=6 sieb=7 ssig= onze=1 cent= once=1 doce=2 diez=1 cien=1 duas=2 meia=6 doze=2 vent=2 одна=1 "
    "шест=6 п'ят=5 trzy=3 pięć=5 otuz=3 kırk=4 elli=5 chín=9 satu=1 tiga=3 lima=5 enam=6 जीरो=0 थ्री=3 फाइव=5 "
    "सेवन=7 नाइन=9 ثلاث=3 أربع=4 اربع=4 ثمان=8 صفر=0 one=1 two=2 six=6 zwo=2 uno=1 due=2 dos=2 tre=3 sei=6 "
    "два=2 три=3 beş=5 bes=5 bir=1 iki=2 तीन=3 चार=4 सात=7 ستة=6 سته=6 きゅう=9 más=+ und= ten=1 fif=5 nul=0 "
    "ein=1 elf=1 zig= ßig= dix=1 uma=1 dez=1 две=2 пят=5 сем=7 сот= ста= сто=1 сім=7 дві=2 dwa=2 set= sta= "
    "sto=1 một=1 hai=2 bốn=4 năm=5 sáu=6 bảy=7 tám=8 dua=2 डबल= फोर=4 خمس=5 سبع=7 تسع=9 れい=0 ゼロ=0 üç=3 "
    "uc=3 एक=1 दो=2 छह=6 छः=6 आठ=8 नौ=9 いち=1 さん=3 よん=4 ろく=6 なな=7 はち=8 oh=0 ty= un=1 um=1 on=1 "
    "ba=3 वन=1 टू=2 एट=8 ست=6 하나=1 다섯=5 여섯=6 일곱=7 여덟=8 아홉=9 다시= しち=7 まる=0 영=0 공=0 일=1 "
    "이=2 삼=3 사=4 오=5 육=6 칠=7 팔=8 구=9 둘=2 셋=3 넷=4"
)
"""Words and the digit that each stands for; `double` and its like have none. They are read one after another, long ones first."""

LINK: Final = (
    "no n nr num number numero número nº numarası numarasi номер номеру по is us me at on now am im today my "
    "al au unter para ends ending in office oficina büro buero bureau ufficio ofis home work shop factory "
    "direct directo main line at~the только офис рабочий склад это und or al~número al~numero al~nummer mi "
    "meu meus hattı hatti hattım sales dept department biuro"
)

LINK_IN_OTHER_SCRIPTS: Final = (
    "号码|號碼|后四位|末四位|尾号|号|號|是|为|番号|번호|رقم|नंबर|नम्बर|संख्या|নম্বর|है|هو|は|で|로|करें|करो|"
    "कीजिए|पर|का|الرقم|على|로|으로|은|는|番|直通|代表|办公室|总机|公司|工厂|请"
)

PHONE: Final = (
    "tel tels tél telef telp telephone phone ph mob mobile mobil cellphone cell~phone fax call dial text sms "
    "hotline hp contact teléfono telefono tfno móvil movil celular cel llame llámame llamar llámenos telefone "
    "telemóvel telemovel fone ligue telefon handy rufnummer anrufen durchwahl fon téléphone portable appelez "
    "cellulare chiamare chiamate chiama chiamami cep whats~app wechat viber telegram zalo wa komórka hubungi "
    "rufen тел телефон телефону моб мобильный факс звоните звонить сотовый ватсап вотсап вайбер gsm numaram "
    "arayın arayin ara dzwoń dzwon dzwonić zadzwoń kom telefonu telefonie handphone đt sđt sdt dđ điện~thoại "
    "телефонуйте дзвоніть телефонувати позвоните набирайте набери наберите маякните wsp wpp wapp whats zap "
    "bel ring~us ring~me"
)

PHONE_IN_OTHER_SCRIPTS: Final = (
    "电话|電話|手机|手機|传真|傳真|热线|熱線|座机|致电|拨打|联系方式|微信|手机号|号码|電|هاتف|جوال|جوالي|"
    "موبايل|تلفون|تليفون|اتصل|فاكس|محمول|للتواصل|واتساب|फोन|फ़ोन|मोबाइल|कॉल|संपर्क|दूरभाष|फैक्स|전화|휴대폰|"
    "핸드폰|연락처|팩스|携帯|ファックス|直通|連絡先|โทร|โทรศัพท์|[☎📞📱✆☏📲]|电联|来电|電聯|打给|واتس|اتصلوا|"
    "رنّ|موبايلي|رقمي|व्हाट्सएप|व्हाट्सऐप|वाट्सएप|왓츠앱|번호는|電番|お電話|ケータイ|携番|เบอร์|มือถือ"
)

ACCOUNT: Final = (
    "account acct a/c acc iban routing aba clabe cbu pix upi ifsc paypal бик к/с konto kontonummer sort~code "
    "cuenta conta conto compte hesap счет счёт счета р/с card visa mastercard amex karte tarjeta cartão carte "
    "carta kart карта карты картой bsb rib kto konta kontu rachunek rachunku rahunok рахунок рахунку р/р "
    "расч~счет р/счет stk số~tài~khoản rekening agência bankkonto iban~no hesabı hesabı~no hesabım "
    "bank~account beneficiary~account conta~corrente карт карту картки картка"
)

ACCOUNT_IN_OTHER_SCRIPTS: Final = (
    "支付宝|尾号|账号|账户|帐号|帐户|賬號|帳號|賬戶|口座番号|口座|계좌번호|계좌|الحساب|حساب|खाता|卡号|卡號|"
    "银行卡|信用卡|カード|카드|بطاقة|कार्ड|収款账号|收款账户|汇款到|户头|บัญชี|الآيبان|آيبان"
)

ACCOUNT_LINK: Final = (
    "chave cnpj cpf key ключ corrente corriente courant ahorros poupança poupanca giro bancaria bancario "
    "bancaire bank деп currency"
)

LABEL: Final = (
    "hs hscode code cas part p/n pn sn s/n serial lot batch model item art article артикул арт ref reference "
    "isbn issn gtin ean upc barcode order po invoice patent din iso gost гост en astm sku imei oem oe "
    "bestellnummer código codigo lote modelo modello pedido заказ заказа партия серийный parça sipariş parti "
    "un class tyres bearing size sizes price usd eur rmb fob cif moq qty quantity tracking awb b/l bl "
    "container seal license licence vat tax reg cert certificate version ver rev no~of chargennummer charge "
    "rechnung facture fattura factura ncm ncm/sh cnpj"
)

UNIT: Final = (
    "pcs pc pieces piece sets set mm cm m km kg g mg t tons ton mt l ml kw w v kv a ma mah hz khz mhz ghz rpm "
    "bar psi mpa usd eur rmb cny ft inch in lbs lb oz gsm units unit cells layers cartons ctns boxes rolls "
    "meters metres c f k шт кг мм см м руб тг тонн"
)

PROVIDERS: Final = (
    "gmail googlemail hotmail outlook yahoo ymail icloud protonmail proton 163 126 qq sina sohu foxmail "
    "aliyun yandex naver hanmail daum gmx web wp onet interia seznam ukr sapo libero rediffmail mail bk inbox "
    "uol bol orange wanadoo free t-online zoho live msn aol okhdfcbank okicici oksbi okaxis ybl paytm upi "
    "yeah yeah.net netease vip.163 139 189 me.com tutanota mailfence outlook.fr wp.pl o2 laposte sfr tiscali "
    "virgilio web.de arcor freenet rambler nate terra hanafos gmai gmial 네이버 지메일 한메일 다음메일 야후 "
    "जीमेल याहू гмейл гмаил джимейл жмейл яндекс мейл جيميل جي~ميل ياهو هوتميل ヤフー"
)

PARTS_OF_NUMBERS: Final = (
    "zero zéro sıfır sifir cero ноль нуль शून्य صفر 영 공 れい ゼロ seven three eight four five nine six (one "
    "(two sieben dash hyphen тире дефис guion guión traço tiret pię eins zwei zwo drei vier fünf fuenf sechs "
    "neun quatre trois cinq sept deux huit neuf cuatro quattro quatro cinque cinco siete sette sete seis "
    "nueve nove ocho oito четыре восемь девять шесть пять семь yedi sekiz dokuz altı dört dort beş üç तीन चार "
    "पांच पाँच सात आठ ثلاث أربع اربع خمس سبع ثمان تسع 일 삼 사 오 육 칠 팔 いち さん よん ろく なな はち один "
    "onze doze siedem osiem чотир вісім bốn bảy tám tiga lima delapan هفت چهار پنج ศูนย์ หนึ่ง vijf negen "
    "जीरो सेवन नाइन 다시 하나 다섯 twenty thirty forty"
)

PARTS_OF_CONTACTS: Final = (
    "chat weixin whats watsap wasap guasap zap skype gram telegr viber qq q~q q-q q.q kakao zalo snap insta facebook"
    " messenger discord icq imo botim tiktok tik~tok tik-tok twitter ding threema wickr w.e w~e w-e q: live: +v~ vchat uatsap q： ｑ q号 ~q~1 ~q~2 ~q~3 ~q~4 ~q~5 ~q~6 ~q~7 ~q~8 ~q~9 gmail yahoo hotmail outlook wei~xin wei-xin 抠抠"
    " 公众 公眾 视频号 視頻 ватс وتس वट् 와츠 왓 微 威 薇 徽 維 维 加 ➕ 扣扣 企鹅 抖音 快手 小红书 钉钉 飞书 ватсап вотсап вацап вастап скайп телег вайбер вичат инста аська вк дискорд"
    " وات وتساب سكايب تي تل فايبر ايمو إيمو سناب انست إنست اینستا وي لاين व्हा वॉट वाट स्काइप टेल वाइबर वीचैट इंस्टा सिग्नल लाइन"
    " וואטסאפ טלגרם סקייפ 텔레 카카오톡 카톡 위챗 츠앱 스카이프 라인 바이버 인스타 디스코드 스냅챗 ไลน์ แกรม วีแชท แอ สไกป์ ライン カカオ スカイプ"
    " テレグラム チャット アップ インスタ バイバー me/ com/ gg/ group/ ru/ :/ ：/ me）/ me]/ com]/ com)/ me)/"
)

PARTS_OF_AT: Final = (
    'ⓐ ∂ ⒜ chez~ sobaka (ات ät~ (at [at {at <at （at 【at *at "at (~at [~at {~at <~at （~at (a) [a] {a} <a> （a） (а) 🅐 🄰 🅰 🐶 🐕 🐒 🐵 🐌 🐭 (圈 （圈 (et （et (@ [@ {@ <@ （@ (＠ （＠ (et) [et] (ät [ät ät) symbol (~a~) at_ at- arroba chiocciola małpa malpa собак гав arobase arrobase klammeraffe affenschwanz kukac zavin apenst'
    " snabel kuyruklu 小老鼠 艾特 花a 圈a あっと アット 골뱅이 앳 एट ऐट اتساين แอท แอด còng равл 圈~a 蚊香 the~rate areti i̇şareti işareti ات آت commercial at‐ at‑ at‒ at– at— at― at− at─ at﹘ at﹣ at－ atـ atー"
)

PARTS_OF_PHONE: Final = (
    "tel tél ph mob móvil movil cel fax call ring dial text sms hotline hp contact tfno llam llám fone lig handy ruf durchwahl fon"
    " num aray gsm dzwo dzwoń đt sđt điện дзвон набер маяк номер wsp wpp wapp zap"
    " tél appel chiam cep whats chat viber zalo wa komórka hubungi тел моб факс звон сотов ватсап вотсап вайбер"
    " 电话 電話 手机 手機 传真 傳真 热线 熱線 座机 致电 拨打 联系方式 微信 号码 電 هاتف جوال موبايل تلفون تليفون اتصل فاكس محمول للتواصل واتساب"
    " फोन फ़ोन मोबाइल कॉल संपर्क दूरभाष फैक्स 전화 휴대폰 핸드폰 연락처 팩스 携帯 ファックス 直通 連絡先 โทร ☎ 📞 📱 ✆ ☏ 📲"
)

PARTS_OF_ACCOUNT: Final = (
    "acc a/c iban routing aba clabe cbu pix upi ifsc paypal бик к/с р/с kont rachun reken stk bsb agên рахун расч บัญชี آيبان 汇款 户头 khoản sort cuenta conta conto compte hesap счет счёт"
    " 支付宝 尾号 账 帐 賬 帳 口座 계좌 حساب खाता card visa mastercard amex karte tarjeta cartão carte carta kart карт 卡 カード 카드 بطاقة कार्ड"
)

# Patterns of words.

_LOOKALIKES = str.maketrans("abcehikmnopqstvwxyABCEHIKMOPQSTVWXY", "авсеһікмпорԛѕтѵԝхуАВСЕНІКМОРԚЅТѴԜХУ")
_GREEK = str.maketrans("aeiknoptuvxyABEHIKMNOPTXYZ", "αειкηορτυνχγΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")
"""Latin letters, and Cyrillic and Greek ones drawn like them."""

_WIDE = {code: chr(code + 0xFEE0) for code in range(ord("!"), ord("~") + 1)}
"""ASCII characters as wide as a Chinese one."""


def _letter(letter: str) -> str:
    """A letter in either case, as wide as a Chinese one, or drawn alike in another script."""
    cases = letter.lower() + letter.upper()
    forms = cases + "".join(cases.translate(table) for table in (_WIDE, _LOOKALIKES, _GREEK))
    forms = "".join(dict.fromkeys(forms))
    return f"[{forms}]" if letter.isalpha() and len(forms) > 1 else letter


def alike(words: str) -> str:
    """Any of these words, in either case. `~` in a word is where it may be written as two, `.` any dot."""
    between = {"~": r"[ ._\-]?", ".": r"\.?", "/": "/"}
    return _tree([between.get(letter) or _letter(letter) for letter in word] for word in words.split())


def plain(words: str) -> str:
    """Any of these words, in either case. `~` in a word is where it may be written as two."""
    cases = {letter: f"[{letter.lower()}{letter.upper()}]" for letter in words if letter.lower() != letter.upper()}
    return _tree(
        [cases.get(letter, r"[ ._\-]?" if letter == "~" else letter) for letter in word] for word in words.split()
    )


def _tree(words: Iterable[Sequence[str]]) -> str:
    """Any of these words, each given by its letters. What they begin with alike is written once, the longest comes first.

    So a search compares each letter of a text with few branches.
    """
    rests: dict[str, list[Sequence[str]]] = {}
    ends = False
    for word in words:
        ends = ends or not word
        if word:
            rests.setdefault(word[0], []).append(word[1:])
    first = sorted(rests, key=lambda letter: -max(map(len, rests[letter])))
    branches = [letter + (_tree(rests[letter]) if any(rests[letter]) else "") for letter in first]
    return f"(?:{'|'.join(branches)})" + ("?" if ends else "")
