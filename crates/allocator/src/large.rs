//! Blocks of whole huge pages, each a mapping of its own.
//!
//! Mimalloc writes into a block before it hands it out. The system gives a huge page only where
//! nothing has been touched yet.

use std::alloc::Layout;

/// The bytes of a huge page, where there are any.
pub(crate) const HUGE: usize = 2 << 20;

/// How much less than a huge page a block may be to get one: what an arena leaves for the bookkeeping
/// of allocators when it asks for a power of two (bytes).
pub(crate) const SPARED: usize = 4 << 10;

#[inline]
pub(crate) fn is_large(size: usize) -> bool {
    size >= HUGE - SPARED
}

/// Whether the blocks of two sizes, one of which is large, are as long.
pub(crate) fn is_alike(old: usize, new: usize) -> bool {
    is_large(old) && is_large(new) && whole(old) == whole(new)
}

/// The bytes that a block takes. None where no address is that large.
fn whole(size: usize) -> Option<usize> {
    size.checked_next_multiple_of(HUGE)
}

/// A block of zeros; null if there is none.
#[cold]
pub(crate) fn alloc(layout: Layout) -> *mut u8 {
    let align = layout.align().max(HUGE);
    let room = whole(layout.size()).and_then(|size| Some((size, size.checked_add(align)?)));
    let Some((size, room)) = room else {
        return std::ptr::null_mut();
    };
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: the system chooses the place.
    let mapped = unsafe { libc::mmap(std::ptr::null_mut(), room, access, kind, -1, 0) };
    if mapped == libc::MAP_FAILED {
        return std::ptr::null_mut();
    }
    let before = mapped.align_offset(align);
    let after = room - before - size;
    // SAFETY: the block and what is before and after it make up what was mapped just now; nothing else
    // knows of it. The advice changes nothing of what the block holds.
    unsafe {
        let block = mapped.byte_add(before);
        if before > 0 {
            libc::munmap(mapped, before);
        }
        if after > 0 {
            libc::munmap(block.byte_add(size), after);
        }
        // Where the system has no huge pages, or does not want to give any, it stays as it is.
        libc::madvise(block, size, libc::MADV_HUGEPAGE);
        block.cast()
    }
}

/// Gives a block back.
///
/// # Safety
///
/// It is one of this layout that [`alloc`] gave.
#[cold]
pub(crate) unsafe fn dealloc(block: *mut u8, layout: Layout) {
    if let Some(size) = whole(layout.size()) {
        // SAFETY: the mapping is the block's, as the caller promises.
        unsafe { libc::munmap(block.cast(), size) };
    }
}
