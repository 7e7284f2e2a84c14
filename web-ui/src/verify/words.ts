// What people read, in both languages. The page stands alone: it has no catalogue beside it.

import type { Word } from "./check";

export type Language = "vi" | "en";
type Both = Record<Language, string>;

const both = (vi: string, en: string): Both => ({ vi, en });

export const FOUND: Record<Word, Both> = {
  zip_end: both("tệp bị cắt cụt, hoặc có dữ liệu thừa ở cuối", "the file is cut short, or something stands after its end"),
  zip_directory: both("mục lục của tệp zip đã bị sửa", "the zip's table of contents was changed"),
  zip_header: both("phần đầu của tệp này trong zip mâu thuẫn nhau, hoặc không đúng dạng của gói chứng cứ", "the zip's headers of this file contradict each other, or are not as a package has them"),
  zip_place: both("có dữ liệu không thuộc tệp nào nằm trước tệp này, hoặc tệp này chồng lên tệp khác", "bytes that belong to no file stand before this one, or it lies over another"),
  checksum: both("nội dung đã bị thay đổi", "some of its bytes were changed"),
  changed: both("đã bị sửa: mã SHA-256 không phải mã đã ký", "it was changed: its SHA-256 is not the one that was signed"),
  size: both("kích thước khác với kích thước đã ký", "it has another size than the one that was signed"),
  too_long: both("dài hơn mức một tệp loại này có thể có", "it is longer than such a file can be"),
  missing: both("không có trong gói", "it is not in the package"),
  extra: both("không thuộc gói này: bản kê không nêu tệp này", "it does not belong to the package: the manifest does not name it"),
  name: both("gói chứng cứ không thể có tệp mang tên này", "a package has no file of this name"),
  doubled: both("có hai tệp cùng tên này", "there are two files of this name"),
  manifest: both("không đọc được bản kê", "the manifest cannot be read"),
  signature: both("chữ ký không đúng: bản kê, chữ ký hoặc chứng thư đã bị sửa", "the signature is not right: the manifest, its signature or the certificate was changed"),
  certificate: both("không đọc được chứng thư", "the certificate cannot be read"),
  not_by_itself: both("chứng thư đã bị sửa: không được ký bằng chính khóa của nó", "the certificate was changed: it is not signed by its own key"),
  other_certificate: both("không phải chứng thư mà bản kê nêu", "it is not the certificate that the manifest names"),
  validity: both("gói được lập vào lúc chứng thư không có hiệu lực", "the package was made at a time at which the certificate was not valid"),
  expired: both("chứng thư nay đã hết hạn; gói lập trước đó vẫn có giá trị", "the certificate has ended since; a package that was made before stays genuine"),
  segment: both("đoạn ghi {of} không đúng như đã ghi nhận lúc ghi hình", "recording {of} is not what was written down when it was recorded"),
  segment_open: both("đoạn ghi cuối khi đó còn đang ghi: chưa có mã băm lúc ghi", "its last recording was still being written: it has no hash from then"),
  link: both("không phải bản sao của bản gốc đi kèm", "it is not a copy of the original that stands beside it"),
  stamp: both("không đọc được dấu thời gian", "the time stamp cannot be read"),
  stamp_other: both("dấu thời gian là của dữ liệu khác", "the time stamp is about something else"),
  stamp_unchecked: both("dấu thời gian đúng là của gói này; chưa kiểm tra tổ chức cấp có đáng tin cậy hay không", "the time stamp is of this package; whether its maker is to be trusted was not checked"),
  no_stamp: both("không có dấu thời gian của tổ chức bên ngoài", "there is no time stamp by an outside authority"),
  log_unreadable: both("không đọc được phần trích nhật ký", "the extract of the log cannot be read"),
  log_row: both("dòng {of} của nhật ký đã bị sửa: mã băm không khớp", "row {of} of the log was changed: its hash is not right"),
  log_place: both("dòng {of} của nhật ký không đúng là dòng mang số đó", "row {of} of the log is not the row that it says it is"),
  log_root: both("thiếu dòng gốc nối các dòng khác trong phần trích, hoặc không phải dòng mà bản kê nêu", "the row that the others hang on is not in the extract, or not the one that the manifest names"),
  log_loose: both("dòng {of} của nhật ký không gắn với dòng được điểm chốt chứng minh", "row {of} of the log does not hang on the row that the checkpoint proves"),
  log_checkpoint: both("chữ ký của điểm chốt không đúng", "the checkpoint's signature is not right"),
  log_key: both("điểm chốt được ký bằng khóa khác với khóa nêu trong bản kê", "the checkpoint was signed with another key than the one that the manifest names"),
  log_head: both("điểm chốt nói khác về dòng gốc nối các dòng khác", "the checkpoint says otherwise of the row that the others hang on"),
};

export const SAID = {
  title: both("Kiểm tra gói chứng cứ", "Check an evidence package"),
  intro: both(
    "Trang này kiểm tra gói chứng cứ ngay trên máy của bạn. Không có dữ liệu nào được gửi đi; không cần mạng.",
    "This page checks an evidence package on your own machine. Nothing is sent anywhere; no network is needed.",
  ),
  choose: both("Thả tệp .zip vào đây, hoặc chọn tệp", "Drop the .zip file here, or choose it"),
  language: both("English", "Tiếng Việt"),
  reading: both("Đang đọc và đối chiếu… {part} %", "Reading and comparing… {part} %"),
  none: both("Đây không phải gói chứng cứ. Hãy chọn đúng tệp .zip đã được giao, còn nguyên, không nén lại.", "This is no evidence package. Choose the .zip file as it was handed over, whole and not packed anew."),
  unreadable: both("Không đọc được tệp này. Hãy chép tệp vào máy rồi chọn lại.", "The file cannot be read. Copy it to this machine and choose it again."),
  good: both("NGUYÊN VẸN: không có gì thay đổi kể từ khi được ký", "WHOLE: nothing changed since it was signed"),
  compare: both(
    "Để biết chính xã đã ký, hãy so dấu vân tay dưới đây với dấu vân tay xã đã công bố qua đường khác (niêm yết, công văn, trang thông tin của xã):",
    "To know that it was the commune that signed, compare this fingerprint with the one that the commune makes known by another way (its notice board, a letter, its website):",
  ),
  bad: both("KHÔNG NGUYÊN VẸN: {count} lỗi", "NOT WHOLE: faults: {count}"),
  distrust: both("Không dùng gói này làm chứng cứ. Hãy yêu cầu xã giao lại gói.", "Do not use this package as evidence. Ask the commune to hand it over again."),
  package: both("Cả gói", "The package"),
  notes: both("Lưu ý", "Notes"),
  claims: both("Nội dung ghi trong gói", "What the package says"),
  unproven: both("Nội dung dưới đây chưa được chứng minh, vì gói không còn nguyên vẹn.", "What follows is not proven, since the package is not whole."),
  films: both("Phim trong gói", "Films in the package"),
  noplay: both("Trình duyệt này không phát được phim (có thể là H.265). Hãy giải nén và mở bằng VLC.", "This browser does not play the film (it may be H.265). Unpack it and open it with VLC."),
  number: both("Số", "Number"),
  commune: both("Xã", "Commune"),
  holds: both("Nội dung gói", "What the package holds"),
  full: both("Bản gốc, giữ nguyên", "The original, untouched"),
  viewing: both("Bản để xem; trong gói không có bản gốc", "A copy for watching; the original is not in the package"),
  purpose: both("Mục đích", "Purpose"),
  reason: both("Lý do", "Reason"),
  camera: both("Camera", "Camera"),
  span: both("Khoảng thời gian", "Span"),
  clock: both("Đồng hồ camera", "The camera's clock"),
  clockUnknown: both("không rõ lệch bao nhiêu", "not known how far it is off"),
  clockAhead: both("nhanh hơn đồng hồ của trạm {seconds} giây", "{seconds} s ahead of the station's"),
  clockBehind: both("chậm hơn đồng hồ của trạm {seconds} giây", "{seconds} s behind the station's"),
  gaps: both("Không ghi được", "Not recorded"),
  requested: both("Người yêu cầu", "Requested by"),
  approved: both("Người duyệt", "Approved by"),
  operator: both("Người lập", "Made by"),
  made: both("Lập lúc", "Made at"),
  stamped: both("Dấu thời gian", "Time stamp"),
  compared: both("Đoạn ghi đã đối chiếu với mã băm lúc ghi", "Recordings compared with their hash from then"),
  comparedOf: both("{compared} trên {all} (đoạn ở hai đầu thường không trọn)", "{compared} of {all} (those at the ends are seldom whole)"),
} satisfies Record<string, Both>;

export function filled(words: Both, language: Language, values: Record<string, string | number> = {}): string {
  return words[language].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
